"""What is to be said or known before several files are activated at once: whose place they take, and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from uploads.models import Dataset, UploadedFile
from uploads.services.files.activation import ActionResult, activate_file
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.files.same_content import alike_to, files_with_content, same_content_of
from uploads.services.joining.columns import ColumnAnswer, keep_answer, may_carry_out, plans_of
from uploads.services.joining.inactive import ask_how_inactive_join
from uploads.services.joining.modes import join_file, require_to_join
from uploads.services.joining.seen import activation_seen, check_seen, datasets_changed, datasets_seen
from uploads.services.merging.choices import MergeChoices, SaidChoices
from uploads.services.merging.homes import homes_of
from uploads.services.merging.modes import mode_words, parse_mode
from uploads.services.merging.overlap import Overlap, seen_of
from uploads.services.merging.shown_rows import active_in_order
from uploads.services.visibility import Viewer
from uploads.states import FileState, Kept, Mode
from uploads.tabular.errors import BadOption
from uploads.web.sentences.phrases import counted, listed

NAMED = 5
"""Files that a sentence names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A question with a few answers, one of which is to be chosen."""

    name: str
    words: str
    options: tuple[tuple[str, str], ...]
    """Value and words of each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Activations:
    """Of the files that somebody has chosen."""

    sentences: tuple[str, ...]
    choices: tuple[Choice, ...]
    seen: str
    """What holds of their datasets; goes back with the answer."""
    is_late: bool
    """A dataset has changed since whoever chose them looked."""

    @property
    def is_plain(self) -> bool:
        """Nothing to be said."""
        return not (self.sentences or self.choices)


def activations_of(files: Sequence[UploadedFile], *, rights: Rights, seen: str | None = None) -> Activations:
    """Only of those that are loaded: of the others each is refused by itself.

    ``seen``: as it was in the list, or on the page that asked; ``None``: nobody looked. Raises ``BadOption``.
    """
    waiting = [file for file in files if file.state == FileState.LOADED]
    for asked_now, overlaps in ask_how_inactive_join(file_ids=[file.pk for file in waiting]).items():
        next(file for file in waiting if file.pk == asked_now).overlaps = overlaps
    numbers = [file.pk for file in waiting]
    changed = () if seen is None else datasets_changed(file_ids=numbers, seen=seen)
    sentences = [*map(_changed, changed), *_replacing(waiting), *_doubled(waiting, rights)]
    choices: list[Choice] = []
    doubled = [file for file in waiting if file.overlaps]
    if doubled:
        sentences.append(f"Rows of {_named(doubled)} are there already.")
        may = {Mode.REPLACE: FileAction.REPLACE in rights.acts, Mode.MERGE: rights.changes_datasets}
        options = tuple((said.value, words) for said, words in _ways(doubled) if may.get(Mode(said.mode), True))
        choices.append(Choice(name="mode", words="How do they join?", options=options))
    asked = [file for file in waiting if file.columns_open]
    if asked:
        sentences.append(f"Columns of {_named(asked)} are not quite those of their dataset.")
        options = (("proposed", "Use them as proposed"), ("", "Leave these files as they are"))
        choices.append(Choice(name="columns", words="What about the columns?", options=options))
    return Activations(
        sentences=tuple(sentences),
        choices=tuple(choices),
        seen=datasets_seen(file_ids=numbers),
        is_late=bool(changed),
    )


def activate_as_said(*, file_id: int, data: QueryDict, rights: Rights) -> ActionResult:
    """One of them, with the answers that hold for it. Raises what ``activate_file`` raises, and ``BadOption``."""
    file = UploadedFile.objects.filter(pk=file_id).first()
    is_waiting = file is not None and file.state == FileState.LOADED
    if file is not None and is_waiting and file.columns_open and data.get("columns") == "proposed":
        for table in plans_of(file_id=file_id):
            answer = ColumnAnswer(dataset="", columns={}, position=table.position)
            if table.plan.is_settled:
                continue
            if not may_carry_out(rights, file_id=file_id, answer=answer):
                rights.require_change_dataset()
            keep_answer(file_id=file_id, answer=answer, user_id=rights.user_id)
    said = _Said.of(data.get("mode", ""))
    if file is None or not is_waiting or not (file.overlaps or file_id in said.asked):
        seen = activation_seen(file_id=file_id)  # by now: of several in one click each changes what the next one meets
        kept: dict[str, Any] = {"mode_seen": check_seen(file_id=file_id, seen=seen)} if seen else {}
        return activate_file(file_id=file_id, user_id=rights.user_id, **kept)
    if not said.mode:
        raise BadOption("Rows of it are there already, and nobody has said how it joins.", hint="Choose it.")
    mode = parse_mode(said.mode)
    require_to_join(rights, mode)
    keys = {Overlap.from_json(each).key for each in file.overlaps}
    key = next(iter(keys)) if mode is Mode.MERGE and len(keys) == 1 else ()
    if mode is Mode.MERGE and not key and file.overlaps:
        raise BadOption("No column of it tells its rows apart.", hint="Activate it by itself, and choose its key.")
    remember = rights.changes_datasets
    return join_file(
        file_id=file_id,
        mode=mode,
        key=key,
        remember=remember,
        choices=_choices(said.blanks) if mode is Mode.MERGE else None,
        seen=said.seen,
        user_id=rights.user_id,
    )


def _choices(blanks: str) -> SaidChoices:
    """Blanks that keep the old value say it of missing columns too."""
    return SaidChoices.from_text(blanks=blanks or None, missing_columns=blanks if blanks == Kept.REPLACE else None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """An answer for several files, as it travels in one field."""

    mode: str
    blanks: str
    asked: tuple[int, ...]
    """The files that were asked about: one whose question somebody else answered meanwhile is not passed by."""
    seen: str

    @property
    def value(self) -> str:
        return f"{self.mode},{self.blanks},{'+'.join(map(str, self.asked))},{self.seen}"

    @classmethod
    def of(cls, value: str) -> "_Said":
        mode, blanks, asked, seen = (*value.split(",", 3), "", "", "")[:4]
        numbers = tuple(int(text) for text in asked.split("+") if text.isascii() and text.isdigit())
        return cls(mode=mode, blanks=blanks, asked=numbers, seen=seen)


def _ways(files: Sequence[UploadedFile]) -> list[tuple[_Said, str]]:
    """Where blanks or missing columns of one of them meet values, it is asked what they mean."""
    found = [Overlap.from_json(each) for file in files for each in file.overlaps]
    updating = [(Mode.MERGE.value, "", "Update by key")]
    if any(overlap.may_empty_by_blanks or overlap.may_empty_by_lack for overlap in found):
        updating = [
            (Mode.MERGE.value, Kept.KEEP.value, "Update by key; blanks and missing columns keep the old values"),
            (Mode.MERGE.value, Kept.REPLACE.value, "Update by key; blanks and missing columns empty the old values"),
        ]
    ways = [(Mode.REPLACE.value, "", "Replace the whole table"), *updating, (Mode.APPEND.value, "", "Add all rows")]
    if all(overlap.is_decided for overlap in found):  # what is asked is what happens to the old values
        ways = updating
    asked, seen = tuple(file.pk for file in files), seen_of(found)
    return [(_Said(mode=mode, blanks=blanks, asked=asked, seen=seen), words) for mode, blanks, words in ways]


def _changed(home: Dataset) -> str:
    """What holds now, for whoever saw another thing."""
    active = len(active_in_order(home))
    how = mode_words(home.mode, home.key, MergeChoices.of(home))
    are = "is" if active == 1 else "are"
    return f"“{home.name}” has changed since you looked: {how}, and {counted(active, 'file')} {are} active in it."


def _doubled(files: Sequence[UploadedFile], rights: Rights) -> list[str]:
    """Of those whose very rows are seen already."""
    viewer = Viewer(user_id=rights.user_id, sees_all=rights.sees_all)
    rows = {file.rows_hash for file in files if file.rows_hash}
    alike = files_with_content({file.sha256 for file in files if file.sha256}, viewer, rows=rows)
    found = ((file, same_content_of(file, alike_to(file, alike))) for file in files)
    return [
        f"The rows of “{file.name}” are active already, in file {same.file_id}."
        for file, same in found
        if same is not None and same.state is FileState.ACTIVE
    ]


def _replacing(files: Sequence[UploadedFile]) -> list[str]:
    """Whose place they take; of several for one dataset the last one takes that of those before it."""
    sentences: list[str] = []
    last: dict[str, list[str]] = {}
    for file in files:
        for home in homes_of(file_id=file.pk):
            if (file.mode or home.mode) != Mode.REPLACE:
                continue
            last.setdefault(home.name, []).append(file.name)
            others = [other for other in active_in_order(home) if other != file.pk]
            if others:
                rows = sum(UploadedFile.objects.filter(pk__in=others).values_list("rows_loaded", flat=True))
                stay = "which stays" if len(others) == 1 else "which stay"
                sentences.append(
                    f"“{file.name}” ({counted(file.rows_loaded, 'row')}) takes the place of"
                    f" {counted(len(others), 'file')} ({counted(rows, 'row')}) of “{home.name}”, {stay} loaded."
                )
    sentences += [
        f"Of these files for “{home}” only the last, “{names[-1]}”, is active afterwards."
        for home, names in last.items()
        if len(names) > 1
    ]
    return sentences


def _named(files: Sequence[UploadedFile]) -> str:
    return listed([f"“{file.name}”" for file in files], most=NAMED)
