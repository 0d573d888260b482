"""The form on how a file is read, for pages and admin: what was decided stands beside what can be said instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from uploads.models import UploadedFile
from uploads.services.options.catalogue import OPTIONS, READING_OPTIONS, parse_option
from uploads.services.options.in_effect import Decided, describe_reading, options_now, options_that_apply
from uploads.services.options.option import Option, OptionKind
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.tabular.errors import UploaderError
from uploads.web.visitors import uploader_of

DETECT = "Detect automatically"
BOXES = tuple(name for name, option in OPTIONS.items() if option.kind is OptionKind.YES)
"""What a link to a form may have ticked."""
OPEN = tuple(name for name, option in OPTIONS.items() if option.is_open)
"""What a form may say twice: chosen, and written beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A field as it is shown."""

    field: forms.BoundField
    now: Decided | None
    is_check: bool
    suggestions: tuple[str, ...]

    @property
    def suggestions_id(self) -> str:
        """Of their list, for the field to name."""
        return _suggestions_id(self.field.name)


def _suggestions_id(name: str) -> str:
    return f"{name}-names"


class ChoiceOrAnother(forms.Select):
    """The usual choices, and a field for any other value beside them; both are sent by one name."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """An unusual value stands in the field."""
        is_usual = value in {None, *(choice for choice, _ in self.choices)}
        words = {"placeholder": "Or write another", "aria-label": f"Another {name.replace('_', ' ')}"}
        field = forms.TextInput(attrs={**words, "autocomplete": "off"})
        return format_html(
            "{}{}",
            super().render(name, value if is_usual else "", attrs, renderer),
            field.render(name, "" if is_usual else value, renderer=renderer),
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was written goes before what was chosen."""
        if not isinstance(data, MultiValueDict):
            return data.get(name)
        said = data.getlist(name)
        return next((text for text in said[:0:-1] if text.strip()), said[0] if said else None)


def _field(option: Option, given: Any, *, may_write: bool) -> forms.Field:
    """``given``: what was said so far, to be offered beside the usual choices; ``may_write``: so is any other."""
    words: dict[str, Any] = {"required": False, "label": option.label, "help_text": option.hint}
    if option.kind is OptionKind.YES:
        return forms.BooleanField(**words)
    choices = [("", option.placeholder or DETECT), *option.choices]
    if option.is_open:
        more = [(given, f"“{given}”")] if given and given not in dict(choices) else []
        select = ChoiceOrAnother if may_write else forms.Select
        return forms.CharField(**words, strip=not option.keeps_spaces, widget=select(choices=choices + more))
    if option.kind is OptionKind.CHOICE:
        return forms.ChoiceField(**words, choices=choices)
    attributes = {
        "placeholder": option.placeholder,
        "pattern": option.pattern,
        "list": _suggestions_id(option.name) if option.suggestions else "",
    }
    widget = forms.TextInput(attrs={name: value for name, value in attributes.items() if value})
    return forms.CharField(**words, strip=not option.keeps_spaces, widget=widget)


class ReadingForm(forms.Form):
    """One field for each reading option; what is left open is to be found out."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        options: Mapping[str, Any],
        now: Mapping[str, Decided] | None = None,
        names: tuple[str, ...] = READING_OPTIONS,
        dataset: str | None = None,
        auto_id: str = "id_%s",
        may_write: bool = True,
    ) -> None:
        """``options``: what holds so far; ``names``: which are asked for; ``dataset``: also asked for, if given;
        ``may_write``: other values than the usual ones beside lists of choices."""
        initial = {key: self.written(key, value) for key, value in options.items()}
        super().__init__(data, initial=initial | {"dataset": dataset}, auto_id=auto_id)
        self._now = now or {}
        self.names = names
        self.fields.update({name: _field(OPTIONS[name], initial.get(name), may_write=may_write) for name in names})
        if dataset is not None:
            self.fields["dataset"] = forms.CharField(
                required=False,
                max_length=50,
                label="Dataset to join",
                help_text="Left empty: the one with the same columns",
                widget=forms.TextInput(attrs={"list": "dataset-names"}),
            )
            self.order_fields(["dataset"])
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    @classmethod
    def written(cls, key: str, value: Any) -> Any:
        """An option as a person writes it into the form."""
        match value:
            case None:
                return ""
            case bool() if OPTIONS[key].kind is not OptionKind.YES:
                return "true" if value else "false"
            case list() | tuple():
                return ", ".join(value)
            case "\t":
                return "tab"
            case int() if not isinstance(value, bool):
                return str(value)
        return value

    def clean(self) -> dict[str, Any]:
        """Each option as it is kept with a file, ``None`` where it was left open."""
        cleaned = dict(super().clean() or self.cleaned_data)
        for name in self.names:
            value = cleaned.get(name)
            if name in self.errors:
                continue
            try:
                cleaned[name] = None if value in ("", None, False) else parse_option(name, str(value))
            except UploaderError as error:
                self.add_error(name, f"{error.message} {error.hint}".rstrip())
        return cleaned

    @property
    def options(self) -> dict[str, Any]:
        """What was said, of a form that is valid."""
        return {name: self.cleaned_data[name] for name in self.names}

    def lines(self) -> Iterator[Row]:
        """The fields that are no boxes to tick."""
        return (row for row in self.rows() if not row.is_check)

    def boxes(self) -> Iterator[Row]:
        return (row for row in self.rows() if row.is_check)

    def rows(self) -> Iterator[Row]:
        """The fields in order, each with what was decided so far."""
        for field in self:
            yield Row(
                field=field,
                now=self._now.get(field.name),
                is_check=isinstance(field.field, forms.BooleanField),
                suggestions=OPTIONS[field.name].suggestions if field.name in OPTIONS else (),
            )


@dataclass(frozen=True, slots=True)
class WrittenFields:
    """The fields of a form as HTML."""

    lines: SafeString
    boxes: SafeString


def start_fields(given: Mapping[str, Any]) -> WrittenFields:
    """For the start page, filled with what a link gives. Without any, as nearly always, they are written once: that was
    8 of the 18 ms of computing that the page took."""
    return _written_fields(given) if given else _open_fields()


@cache
def _open_fields() -> WrittenFields:
    return _written_fields({})


def _written_fields(given: Mapping[str, Any]) -> WrittenFields:
    form = ReadingForm(options=given, auto_id="o-%s", may_write=False)
    return WrittenFields(lines=_written(form.lines()), boxes=_written(form.boxes()))


def _written(rows: Iterator[Row]) -> SafeString:
    each = (render_to_string("partials/option_field.html", {"row": row}) for row in rows)
    return mark_safe("".join(each))  # noqa: S308 - by a template, which escapes


def reading_form(request: HttpRequest, *, file: UploadedFile) -> ReadingForm:
    """The form for one file, filled with what was said or, once it is sent, with what is said now.

    A link may have a box ticked: ``?one_table=true``, where a receipt tells what was told from the rows.
    """
    asked = {name: True for name in BOXES if request.GET.get(name) == "true"}
    return ReadingForm(
        request.POST if request.method == "POST" else None,
        options=options_now(file=file) | asked,
        now=describe_reading(file_id=file.pk),
        names=options_that_apply(file=file),
        dataset=file.dataset_wanted,
    )


def fields_to_read_again(file: UploadedFile, changes: Mapping[str, Any]) -> dict[str, str]:
    """What the form for a file posts where nothing but these options is said in another way."""
    names = options_that_apply(file=file)
    said = {name: value for name, value in {**options_now(file=file), **changes}.items() if name in names}
    written = {name: ReadingForm.written(name, value) for name, value in said.items() if value is not False}
    return {
        "dataset": file.dataset_wanted,
        **{name: "on" if value is True else str(value) for name, value in written.items()},
    }


def act_on(request: HttpRequest, form: ReadingForm, *, file: UploadedFile) -> UploadedFile | None:
    """Have the file read again as the form says; ``None`` when it is refused, the form then says why."""
    if not form.is_valid():
        return None
    try:
        return reimport_file(
            file_id=file.pk,
            wish=ReimportRequest(options=form.options, dataset=form.cleaned_data["dataset"]),
            reader=uploader_of(request),
            via=UploadedFile.Via.PAGE,
        )
    except UploaderError as error:
        form.add_error(None, f"{error.message} {error.hint}".rstrip())
        return None
