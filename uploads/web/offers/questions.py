"""What a receipt asks about where a table stands; one click on an answer reads the file again so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uploads.models import Dataset, UploadedFile
from uploads.services.files.load_receipt import LoadReceipt
from uploads.tabular.notes import ON_WHOLE_FILE, Note, NoteKind
from uploads.tabular.reasons import SecondReason
from uploads.tabular.sentences.notes import sentence_of, tables_below
from uploads.tabular.sentences.questions import question_of
from uploads.web.forms.options_form import fields_to_read_again
from uploads.web.sentences.plans import lacking_sentences
from uploads.web.sentences.tables import join_label, parted_sentence, table_title, together

_KEEP = "Keep it as it is"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A button, and what its form posts, to where a file is read again."""

    button: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question at the top of a receipt."""

    table: str
    """Which table is meant, where the file has several."""
    doubt: str
    load_id: int
    position: int
    """Of the question among the notes of its table, by which it is kept as it is."""
    answers: tuple[Answer, ...]
    keep: str = _KEEP
    """The button by which all stays as it is."""


def questions_asked(loads: Sequence[LoadReceipt], *, file_id: int, of: int | None = None) -> tuple[Asked, ...]:
    """For whoever may have a file read again; ``loads`` are all its tables, ``of`` the one that is asked about."""
    meant = [load for load in loads if of in (None, load.load_id)]
    notes = [(load, place, note) for load in meant for place, note in enumerate(load.notes) if note.is_open_question]
    if not notes:
        return ()
    file = UploadedFile.objects.get(pk=file_id)
    asked: list[Asked] = []
    for load, position, note in notes:
        question, near = question_of(note), together(load, loads)
        joins = is_on_joining(note) and len(near) > 1
        answers = tuple(
            Answer(button=join_label(near) if joins else way.button, fields=fields_to_read_again(file, way.options))
            for way in question.ways
        )
        asked.append(
            Asked(
                table=table_title(load, loads),
                doubt=f"{question.doubt} {parted_sentence(near)}" if joins else question.doubt,
                load_id=load.load_id,
                position=position,
                answers=answers,
                keep=f"Keep {len(near):,} tables" if joins else _KEEP,
            )
        )
    return tuple(asked)


def is_on_joining(note: Note) -> bool:
    """Whether it is asked if tables that were told apart are one."""
    return note.kind is NoteKind.BORDER_DOUBTED and bool(note.figures["is_parted"])


def asks_to_join(load: LoadReceipt, loads: Sequence[LoadReceipt]) -> bool:
    """Whether it is asked at the top if the table and others of its text are one."""
    return any(note.is_open_question and is_on_joining(note) for near in together(load, loads) for note in near.notes)


def of_whole_file(loads: Sequence[LoadReceipt]) -> tuple[str, ...]:
    """What the first of several tables tells of their file: it is not to be looked for in one of them."""
    if len(loads) < 2:
        return ()
    return tuple(sentence_of(note) for load in loads for note in load.notes if note.kind in ON_WHOLE_FILE)


def sentences_beside(load: LoadReceipt, *, are_asked: bool, is_alone: bool = True) -> tuple[str, ...]:
    """What the table lacks and its notes, but for the questions and what is told of its file, which stand at the top
    where they are asked, and where the file has other tables. Nor is said what nobody needs: a delimiter in no doubt,
    which stands above, and which program read a workbook that is whole."""
    told = [note for note in load.notes if is_alone or note.kind not in ON_WHOLE_FILE]
    shown = [note for note in told if not (are_asked and note.is_open_question)]
    if not is_alone:  # the rows looked at are those of the whole file
        shown = [note.without_count if note.kind is NoteKind.DELIMITER else note for note in shown]
    shown = [note for note in shown if not _is_on_another_program(note)]
    if len(load.columns) > 1:
        shown = [note for note in shown if not _is_on_plain_delimiter(note)]
    return (*lacking_sentences(_as_in_files(load)), *_sentences(shown))


def _is_on_another_program(note: Note) -> bool:
    """Whether it tells of a second program of which nobody needs to know: it read all there is."""
    why = note.figures.get("why", SecondReason.UNUSUAL)
    return note.kind is NoteKind.SECOND_READER and why != SecondReason.DAMAGED


def _is_on_plain_delimiter(note: Note) -> bool:
    """Whether nothing speaks against the delimiter that it tells: all rows have as many cells by it, or their number is
    told elsewhere, and no other delimiter comes near."""
    figures = note.figures
    if note.kind is not NoteKind.DELIMITER or figures["runner_up"] is not None:
        return False
    return bool(figures["alike"] == figures["rows"] or figures.get("is_told"))


def _sentences(notes: Sequence[Note]) -> Iterator[str]:
    """One for each note, but one for all tables that stand below."""
    below = [note for note in notes if note.kind is NoteKind.OTHER_LINES]
    for note in notes:
        if note not in below or len(below) == 1:
            yield sentence_of(note)
        elif note is below[0]:
            yield tables_below(below)


def _as_in_files(load: LoadReceipt) -> list[str]:
    """What the columns that the table lacks are called in other files; their names in SQL say less."""
    if not load.missing:
        return []
    labels = dict(Dataset.objects.filter(slug=load.address).values_list("columns__name", "columns__label"))
    return [labels.get(name) or name for name in load.missing]
