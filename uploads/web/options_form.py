"""The form on how a file is read, for pages and admin: what was decided stands beside what can be said instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from uploads.models import UploadedFile
from uploads.services.options.catalogue import OPTIONS, READING_OPTIONS, Option, OptionKind, parse_option
from uploads.services.options.in_effect import Decided, describe_reading, options_now, options_that_apply
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.tabular.errors import UploaderError
from uploads.web.visitors import uploader_of

ENCODINGS = ("utf-8", "utf-16", "cp1252", "iso-8859-1", "cp850", "shift_jis", "gb18030", "big5")
FIND_OUT = ("", "Find out")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A field as it is shown."""

    field: forms.BoundField
    now: Decided | None
    is_check: bool


def _field(option: Option) -> forms.Field:
    words: dict[str, Any] = {"required": False, "label": option.label, "help_text": option.hint}
    if option.kind is OptionKind.YES:
        return forms.BooleanField(**words)
    if option.name == "delimiter":
        return forms.CharField(**words, strip=False, widget=forms.Select)  # any other may be said as well
    if option.kind is OptionKind.CHOICE:
        return forms.ChoiceField(**words, choices=[FIND_OUT, *option.choices])
    attributes = {"placeholder": option.placeholder}
    if option.name == "encoding":
        attributes["list"] = "encoding-names"
    return forms.CharField(**words, strip=option.name != "sheet", widget=forms.TextInput(attrs=attributes))


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
    ) -> None:
        """``options``: what holds so far; ``names``: which are asked for; ``dataset``: also asked for, if given."""
        initial = {key: self._written(key, value) for key, value in options.items()}
        super().__init__(data, initial=initial | {"dataset": dataset}, auto_id=auto_id)
        self._now = now or {}
        self.names = names
        self.fields.update({name: _field(OPTIONS[name]) for name in names})
        if dataset is not None:
            self.fields["dataset"] = forms.CharField(
                required=False,
                max_length=50,
                label="Dataset to join",
                help_text="Left empty: the one with the same columns",
                widget=forms.TextInput(attrs={"list": "dataset-names"}),
            )
            self.order_fields(["dataset"])
        if "delimiter" in self.fields:
            self._offer_delimiters(self.initial.get("delimiter"))
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    @classmethod
    def _written(cls, key: str, value: Any) -> Any:
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
        return value

    def _offer_delimiters(self, said: str | None) -> None:
        """The usual ones, and what was said so far."""
        select = self.fields["delimiter"].widget
        usual = OPTIONS["delimiter"].choices
        known = {value for value, _ in usual}
        more = [(said, f"“{said}”")] if said and said not in known else []
        if isinstance(select, forms.Select):
            select.choices = [FIND_OUT, *usual, *more]

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
            )


def reading_form(request: HttpRequest, *, file: UploadedFile) -> ReadingForm:
    """The form for one file, filled with what was said or, once it is sent, with what is said now.

    A link may have “one table” ticked: ``?one_table=true``, where a receipt tells what was told from the rows.
    """
    asked = {"one_table": True} if request.GET.get("one_table") == "true" else {}
    return ReadingForm(
        request.POST if request.method == "POST" else None,
        options=options_now(file=file) | asked,
        now=describe_reading(file_id=file.pk),
        names=options_that_apply(file=file),
        dataset=file.dataset_wanted,
    )


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
