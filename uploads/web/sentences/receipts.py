"""What a receipt says beside its figures: what waits, which files are the same, what of the rejects has a mend."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.permissions import Abilities, Rights
from uploads.services.files.receipts import FileReceipt
from uploads.services.options.catalogue import options_in_words
from uploads.states import FileState, Review
from uploads.tabular.names import header_key
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import ColumnType, FileFormat, row_word_of
from uploads.web.sentences.duplicates import replaced_pieces, same_content_pieces
from uploads.web.sentences.files import REVIEW_WORDS, left_out, passed_over, waits_for_staff
from uploads.web.sentences.guards import tripped_words
from uploads.web.sentences.phrases import Piece, Pieces, joined, listed
from uploads.web.sentences.tables import title_above

type Address = Callable[[int], str]
"""Where the receipt of a file is; empty for whoever may not see that file."""

_TITLES = 3
"""Titles that a sentence names."""
DELETED = "This file was deleted: its rows and the stored file are gone; only this page stays."
TAKEN_BACK = "This file was withdrawn by its sender: its rows and the stored file are gone; only this page stays."


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTheirs:
    """What is said to whoever may not answer, or not read the rows."""

    sentence: str
    signs_in: bool
    """Nobody is signed in: it may be somebody who may."""


def receipt_notice(receipt: FileReceipt, *, can: Abilities, address: Address) -> Pieces:
    """What stands above the receipt, but for the day on which it expires; empty where nothing is to be said."""
    sentences: list[Pieces] = []
    if receipt.state is FileState.DELETED:
        sentences.append((Piece(TAKEN_BACK if receipt.withdrawn else DELETED),))
    sentences += [(Piece(words),) for words in (passed_over(receipt), left_out(receipt)) if words]
    if receipt.state is FileState.LOADED and receipt.review not in REVIEW_WORDS:
        if receipt.guards:
            sentences += [(Piece(words),) for words in tripped_words(receipt.guards, may_activate=can.activate)]
        elif not can.activate:
            is_asked = any(note.is_open_question for load in receipt.loads for note in load.notes)
            sentences.append((Piece(waits_for_staff(receipt, is_asked=is_asked and can.read_again)),))
    sentences += _versions(receipt, address)
    same = same_content_pieces(
        state=receipt.state, same=receipt.same_content, may_activate=can.activate, address=address
    )
    if receipt.same_content_as in receipt.replaced:
        same = ()  # it is named as the one whose place was taken
    sentences += filter(None, (same, replaced_pieces(replaced=receipt.replaced, address=address)))
    return joined(sentences)


def answered_by(
    receipt: FileReceipt, rights: Rights, *, can: Abilities, is_asked: bool, has_plans: bool
) -> NotTheirs | None:
    """For whoever sees questions and may not answer them; ``has_plans``: they may answer those about columns."""
    is_on_columns = bool(receipt.columns_open) and not has_plans and receipt.review is not Review.DECLINED
    if not is_on_columns and (can.read_again or not is_asked):
        return None
    who = "staff who may do so" if rights.is_staff else "staff"
    what = "It is asked what becomes of its columns. " if is_on_columns else ""
    return NotTheirs(sentence=f"{what}Only the sender and {who} can answer.", signs_in=rights.user_id is None)


def rows_apart(receipt: FileReceipt, rights: Rights) -> NotTheirs | None:
    """For whoever does not read the dataset of an active file."""
    is_apart = any(load.part and not load.address for load in receipt.loads)
    if receipt.state is not FileState.ACTIVE or not is_apart:
        return None
    if rights.user_id is None:
        return NotTheirs(sentence="Its rows are active, but not everybody may read them.", signs_in=True)
    return NotTheirs(sentence="Its rows are active, but you may not read them. Ask staff.", signs_in=False)


def tables_together(receipt: FileReceipt) -> tuple[str, ...]:
    """Which of a file's tables are one table of the database; a sentence for each. Nothing while it is asked what
    becomes of their columns."""
    if receipt.columns_open:
        return ()
    places: dict[str, list[LoadReceipt]] = {}
    for load in receipt.loads:
        if load.place:
            places.setdefault(load.place, []).append(load)
    return tuple(
        f"{_of_all(len(loads), len(receipt.loads))} {_why_together(loads)} one table of the database,"
        f" data.{name}.{_titles_lost(loads)}"
        for name, loads in places.items()
        if len(loads) > 1
    )


def _why_together(loads: Sequence[LoadReceipt]) -> str:
    """Their columns are the same, or became so by what somebody answered."""
    headers = {header_key([column["label"] for column in load.columns]) for load in loads}
    return "have the same columns and are stored as" if len(headers) == 1 else "are parts of"


def _titles_lost(loads: Sequence[LoadReceipt]) -> str:
    """That what tells the tables apart is in no row: the titles above them, or the names of their sheets or files."""
    each = list(dict.fromkeys(filter(None, (title_above(load, loads) for load in loads))))
    if len(each) < 2:
        is_of_several = len({load.source for load in loads}) > 1
        return f" {_EACH_ROWS_PART}" if is_of_several else ""
    more = f" and {len(each) - _TITLES:,} more" if len(each) > _TITLES else ""
    named = ", ".join(f"“{title}”" for title in each[:_TITLES])
    return f" The titles above them are no column of it: {named}{more}. {_EACH_ROWS_PART}"


_EACH_ROWS_PART = "The dataset’s page says beside each row which part it is from; in SQL, data._sources does."


def _of_all(count: int, tables: int) -> str:
    if count < tables:
        return f"{count:,} of them"
    return "Both" if count == 2 else f"All {count:,}"


def cells_as_read(changed: Sequence[Note], types: Container[str], *, format_: str, rest: bool = False) -> str:
    """What is said of first rows whose cells are stored as they were read.

    ``changed``: how reading changed some; ``types``: those of their columns, for sheets show numbers in ways of theirs;
    ``rest``: some cells are shown in both forms, and this is about the others.
    """
    is_masked = any(note.kind is NoteKind.MASKED_NUMBERS for note in changed)
    how = list(dict.fromkeys(_change_of(note) for note in changed if note.kind is not NoteKind.MASKED_NUMBERS))
    every = "Every other cell shown" if rest else "Every cell shown"
    if format_ in _SHEETS:
        how += [words for type_, words in _AS_IN_SHEETS.items() if type_ in types]
        value = f"{every} is stored as the value that the sheet holds, which it may show in another form"
        as_text = " Numbers that a format makes text, such as IDs, are stored as the sheet shows them." * is_masked
        return f"{value}: {'; '.join(how)}.{as_text}" if how else f"{value}.{as_text}"
    if how:
        return f"{every} is stored as it stands in the file, but {listed(how, most=len(how))}."
    where = "stands in the file" if row_word_of(format_) == "line" else "was read"
    return f"{every} is stored just as it {where}."


_SHEETS = frozenset({FileFormat.XLSX, FileFormat.XLS, FileFormat.XLSB, FileFormat.ODS, FileFormat.FODS, FileFormat.XML})
"""Whose cells hold numbers, and formats that say how those are shown."""
_AS_IN_SHEETS: Mapping[str, str] = {
    ColumnType.NUMERIC: "decimal numbers to the 15 digits that spreadsheets show",
    ColumnType.DATE: "dates as year, month and day, without a time of 0:00",
    ColumnType.TIMESTAMP: "dates with times as year, month, day and time",
}
_WITHOUT_SPACES = "without spaces where they stood around it"
_CHANGED = {
    NoteKind.APOSTROPHES: "without apostrophes where they stood around it",
    NoteKind.SPACED: "without a space where one stood before it",
    NoteKind.EMPTY_APOSTROPHES: "empty where it holds but two apostrophes ('')",
    NoteKind.FORMULA_TEXTS: 'without ="…" where that stood around it',
    NoteKind.CONTROLS_MENDED: "with letters in the place of damaged ones, where it had any",
    NoteKind.BACKSLASHES: "without backslashes where they stood before its quotes",
    NoteKind.LINES_JOINED: "put together where line ends had cut it",
    NoteKind.ERROR_CELLS: "empty where it holds an error",
    NoteKind.UNSAVED_FORMULAS: "empty where it holds a formula without a saved value",
    NoteKind.ZERO_DATES: "empty where it holds 0 as a date",
    NoteKind.HIDDEN_TIMES: "empty where a format hides its date or time",
    NoteKind.TIMES_OVER_A_DAY: "times of 24 hours or more as the time of day that is shown",
    NoteKind.PERCENTAGES: "percentages as the number behind them",
    NoteKind.SHOWN_AS_WORDS: "numbers where the sheet shows words or nothing in their place",
    NoteKind.SHOWN_SHORTER: "with all digits and seconds, also those that the sheet does not show",
    NoteKind.DAYS_AMONG_TIMES: "days without a time as 00:00:00 of that day",
}


def _change_of(note: Note) -> str:
    if note.kind is NoteKind.OTHER_QUOTE:
        return f"without “{note.figures['quote']}” where that stood around it"
    return _CHANGED.get(note.kind, _WITHOUT_SPACES)


def names_in_doubt(receipt: FileReceipt) -> tuple[str, ...]:
    """What the tables of a file that is not active yet will be called, where that is to be said; each sentence once."""
    return tuple(dict.fromkeys(load.naming for load in receipt.loads if load.naming))


def _versions(receipt: FileReceipt, address: Address) -> list[Pieces]:
    """Of which file this one is another reading, as which files it was read again."""
    root, others = receipt.version_of, receipt.other_versions
    sentences: list[Pieces] = []
    if root:
        options = options_in_words(receipt.options)
        tail = f", read again with {options}." if options else ", read again."
        sentences.append((Piece(f"File {root}", address(root)), Piece(tail)))
    if others:
        sentences.append((Piece("Read again as "), *_listed(others, address), Piece(" too." if root else ".")))
    if (root or others) and receipt.state is not FileState.FAILED:
        which = "these" if (root and others) or len(others) > 1 else "the two"
        sentences.append((Piece(f"Of {which} only one can be active; one that nobody wants can be withdrawn."),))
    return sentences


def _listed(files: tuple[int, ...], address: Address) -> Pieces:
    """``file 3, file 4 and file 5``, each a link."""
    pieces: list[Piece] = []
    for place, file in enumerate(files):
        if place:
            pieces.append(Piece(" and " if place == len(files) - 1 else ", "))
        pieces.append(Piece(f"file {file}", address(file)))
    return tuple(pieces)
