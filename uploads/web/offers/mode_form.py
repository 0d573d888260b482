"""The form on which staff say how files join a dataset, and in which order they merge: on its page and in the admin."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.choice import Chooser
from uploads.services.merging.asked import fingerprint_of
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.likely_keys import likely_columns
from uploads.services.merging.modes import change_mode, mode_of, mode_words, parse_mode
from uploads.services.merging.order import order_files
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import Kept, Mode
from uploads.web.sentences.columns import suggestion_hint
from uploads.web.sentences.joining import ORDER_HINT

FIELDS = ("mode", "key", "order", "seen", "blanks", "missing_columns", "delete_column", "delete_values")
_ASKED = "is asked about, where there is an old value"
_WITHOUT_KEY = "a new file updates the rows with the same key and adds the others"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeChoice:
    """One way to join, on the form."""

    value: str
    label: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyColumn:
    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptChoice:
    """Whether the old value stays."""

    name: str
    label: str
    chosen: Kept
    is_said: bool
    """Of what nobody has said yet, it is asked before a file empties values; saving the form leaves that so."""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        words = {Kept.REPLACE: "empties the old value", Kept.KEEP: "leaves the old value"}
        ways = [(each.value, words[each], self.is_said and each == self.chosen) for each in Kept]
        return ways if self.is_said else [("", _ASKED, True), *ways]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderedFile:
    """An active file in its place, and the order that would be with it one place further down."""

    file_id: int
    name: str
    token: str
    lower: str
    """Numbers of files, with commas between them; empty for the last."""


def mode_form(dataset: Dataset, *, wanted: str = "") -> dict[str, Any]:
    """What the form shows: what holds now, and the order of the files that merge.

    ``wanted``: the mode that is chosen beforehand, by whoever comes to say it. Raises ``BadOption``.
    """
    now = mode_of(dataset)
    files = _ordered_files(dataset)
    chosen = parse_mode(wanted) if wanted else now.mode
    key = now.key or _suggested(dataset, [file.file_id for file in files])
    return {
        "seen": fingerprint_of(dataset),
        "choices": [
            ModeChoice(
                value=mode.value,
                label=str(mode.label).capitalize(),
                words=mode_words(mode, key) if mode != Mode.MERGE or key else _WITHOUT_KEY,
                is_chosen=mode == chosen,
            )
            for mode in Mode
        ],
        "columns": [
            KeyColumn(name=name, label=label or name, is_chosen=name in key)
            for name, label in dataset.columns.values_list("name", "label")
        ],
        "kept": [
            KeptChoice(
                name="blanks",
                label="A blank in a later file",
                chosen=now.choices.blanks,
                is_said="blanks" in now.choices.said,
            ),
            KeptChoice(
                name="missing_columns",
                label="A column that a later file lacks",
                chosen=now.choices.missing,
                is_said="missing" in now.choices.said,
            ),
        ],
        "mark": now.choices.mark,
        "mark_values": ", ".join(now.choices.mark_values),
        "suggested": "" if now.key else suggestion_hint(key),
        "files": files if now.mode is Mode.MERGE and len(files) > 1 else (),
        "order": ",".join(str(file.file_id) for file in files),
        "order_hint": ORDER_HINT,
    }


def save_mode(data: QueryDict, *, slug: str, user_id: int | None) -> str:
    """Do what the form says; returns what is to be said. Raises what ``change_mode`` and ``order_files`` raise."""
    if "order" in data:
        order_files(slug=slug, file_ids=_numbers(data, "order"), seen=_numbers(data, "seen"), user_id=user_id)
        return "The order is changed."
    mode = parse_mode(data.get("mode", ""))
    key = data.getlist("key") if mode is Mode.MERGE else []
    said = _said(data) if mode is Mode.MERGE else None
    seen = data.get("seen", "")
    now = change_mode(slug=slug, mode=mode, key=key, said=said, seen=seen, user_id=user_id, chooser=Chooser.STAFF)
    return f"Saved: {now.words}."


def _numbers(data: QueryDict, name: str) -> list[int]:
    return [int(text) for text in data.get(name, "").split(",") if text.isascii() and text.isdigit()]


def _said(data: QueryDict) -> SaidChoices:
    """A form has all of it; what a request leaves out, or has no word for, stays."""
    column, values = data.get("delete_column"), data.get("delete_values", "")
    return SaidChoices(
        blanks=data.get("blanks") or None,
        missing=data.get("missing_columns") or None,
        delete_when=None if column is None else (column, values.split(",")),
    )


def _ordered_files(dataset: Dataset) -> list[OrderedFile]:
    order = active_in_order(dataset)
    files = UploadedFile.objects.in_bulk(order)
    found = []
    for place, file_id in enumerate(order):
        lower = [*order[:place], *order[place + 1 : place + 2], file_id, *order[place + 2 :]]
        found.append(
            OrderedFile(
                file_id=file_id,
                name=files[file_id].name,
                token=files[file_id].token,
                lower=",".join(map(str, lower)) if place + 1 < len(order) else "",
            )
        )
    return found


def _suggested(dataset: Dataset, active: list[int]) -> tuple[str, ...]:
    """The columns that look like a key in the first of the active files."""
    loads = Load.objects.filter(dataset=dataset, file__in=active[:1]).exclude(part="")
    first = loads.order_by("position").first()
    return () if first is None else likely_columns(dataset=dataset, load=first)
