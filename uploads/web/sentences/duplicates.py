"""What is said of a file whose bytes or rows are here already, and of one that took the place of others."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.utils import timezone

from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.same_content import SameContent
from uploads.states import FileState
from uploads.web.sentences.phrases import Piece, Pieces, counted, of_them, one_of

WEEK_DAYS = 6
"""As long as the name of a weekday means one day."""

type Address = Callable[[int], str]


def nowhere(file_id: int) -> str:
    """For sentences without links."""
    return ""


def since_words(moment: datetime, *, now: datetime | None = None) -> str:
    """``today, 14:05``, ``yesterday``, ``Tuesday`` or ``3 May 2026``; days are those of UTC, as all times shown."""
    moment = moment.astimezone(UTC)
    days = ((now or timezone.now()).astimezone(UTC).date() - moment.date()).days
    if days <= 0:
        return f"today, {moment:%H:%M} UTC"
    if days == 1:
        return "yesterday"
    return f"{moment:%A}" if days <= WEEK_DAYS else f"{moment.day} {moment:%B %Y}"


def same_content_pieces(*, state: FileState, same: SameContent | None, may_activate: bool, address: Address) -> Pieces:
    """Of which file this one has the bytes, and what that means for it; empty where nothing is to be said."""
    held_back = state is FileState.DUPLICATE
    if same is None:
        gone = "The same file was here when this one came, and is not any more. Nothing of it was loaded."
        return (Piece(gone),) if held_back else ()
    link = Piece(f"file {same.file_id}", address(same.file_id))
    if held_back:
        return (Piece("The same as "), link, Piece(f", {_standing(same)}. Nothing of this one was loaded."))
    if state is FileState.LOADED and same.state is FileState.ACTIVE:
        doubled = " Activate this one too and its rows are there twice." if may_activate else ""
        lead = "The same rows, written in another way, as " if same.of_rows else "The same as "
        return (Piece(lead), link, Piece(f", {_standing(same)}.{doubled}"))
    return (Piece("The same rows as " if same.of_rows else "The same content as "), link, Piece("."))


def _standing(same: SameContent) -> str:
    if same.state is FileState.ACTIVE:
        return f"active since {since_words(same.since)}"
    if same.is_declined:
        return "which was declined"
    return "which is loaded and not active" if same.was_active else "which is loaded and not active yet"


def repeated_sentences(repeated: int, *, of: int, keys: int = 0, key: Sequence[str] = ()) -> tuple[str, ...]:
    """Of a file that nobody was asked about: which of its rows, or of their keys, were there when it came."""
    if repeated and repeated == of:
        rows = "Its only row was there already, exactly as it is" if of == 1 else f"All {of:,} rows were there already"
        return (f"{rows}{', exactly as they are' * (of > 1)}, when this file came.",)
    words = []
    if keys:
        have = "has" if keys == 1 else "have"
        words.append(
            f"{keys:,} of {counted(of, 'row')} {have} {one_of(key)} that was there already when this file came"
        )
    if repeated:
        were, are = ("was", "it is") if repeated == 1 else ("were", "they are")
        there = f"{were} there already, exactly as {are}, when this file came"
        words.append(
            f"{of_them(repeated, keys)} {were} exactly the same"
            if words
            else f"{repeated:,} of {counted(of, 'row')} {there}"
        )
    return (f"{'; '.join(words)}.",) if words else ()


def repeated_of(load: LoadReceipt) -> tuple[str, ...]:
    """The same of one table."""
    keys = load.repeated_keys
    rows, columns = (keys.rows, keys.columns) if keys is not None else (0, ())
    return repeated_sentences(load.repeated, of=load.loaded, keys=rows, key=columns)


def add_label(*, has_options: bool) -> str:
    """What the button says that loads a file although its bytes are here."""
    return "Load with these options anyway" if has_options else "Load anyway"


def replaced_pieces(*, replaced: Sequence[int], address: Address) -> Pieces:
    """Whose place an active file took."""
    if not replaced:
        return ()
    pieces = [Piece("It took the place of ")]
    for place, file_id in enumerate(replaced):
        if place:
            pieces.append(Piece(" and " if place == len(replaced) - 1 else ", "))
        pieces.append(Piece(f"file {file_id}", address(file_id)))
    return (*pieces, Piece(", which stays loaded." if len(replaced) == 1 else ", which stay loaded."))


def replace_label(file_ids: Sequence[int]) -> str:
    return f"Replace {files_named(file_ids)}"


def put_back_label(replaced: Sequence[int]) -> str:
    return f"Undo: put {files_named(replaced)} back"


def files_named(file_ids: Sequence[int]) -> str:
    """``file 16``, ``files 16 and 18``, ``12 files``"""
    match list(file_ids):
        case [one]:
            return f"file {one}"
        case [one, two]:
            return f"files {one} and {two}"
        case several:
            return counted(len(several), "file")


def replacement_words(*, new_id: int, replaced: Sequence[int], is_done: bool) -> str:
    """What a replacement did, or will do once the new file is loaded."""
    if is_done:
        stay = "stays" if len(replaced) == 1 else "stay"
        return f"File {new_id} took the place of {files_named(replaced)}, which {stay} loaded."
    return f"File {new_id} is loaded first; then it takes the place of {files_named(replaced)} in one moment."


def replace_lead(*, state: FileState, rows: int, candidates: int) -> str:
    """Above the choice of files whose place one takes."""
    if not candidates:
        return "No file is active where this one would join, so there is none to be replaced. Activate it instead."
    if state is FileState.DUPLICATE:
        shown = "It is loaded first. Then, in one moment, its rows become visible"
    else:
        shown = f"In one moment its {counted(rows, 'row')} become{'s' * (rows == 1)} visible"
    return (
        f"{shown} and those of the files that it replaces do not show any more. These stay loaded: one click puts them"
        " back."
    )


def added_words() -> str:
    return "It is being loaded anyway."


def put_back_words(*, file_id: int, back: Sequence[int]) -> str:
    are = "is" if len(back) == 1 else "are"
    return f"{files_named(back).capitalize()} {are} active again; file {file_id} stays loaded."


def replace_question(*, new: str, old: Sequence[str]) -> str:
    listed = " and ".join(f"“{name}”" for name in old) if len(old) <= 2 else counted(len(old), "file")
    return f"Let “{new}” take the place of {listed}?"


def replace_how(*, active: int, others: int) -> str:
    """Which files have to be chosen in a list for a replacement."""
    return (
        "Choose the active files that go and, with them, the one file that takes their place: loaded and not active."
        f" Chosen were {active:,} active and {others:,} not active."
    )
