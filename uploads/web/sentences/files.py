"""What is said of a file wherever it is shown: how far it is, what it waits for, what may be done to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from uploads.services.files.passed_over import is_much_passed_over, lines_of_comments, may_be_rows
from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.receipts import FileReceipt
from uploads.services.files.same_content import SameContent
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState, Phase, Review, Visibility
from uploads.tabular.table import FileFormat
from uploads.web.sentences.duplicates import (
    add_label,
    put_back_label,
    repeated_of,
    replace_label,
    same_content_pieces,
)
from uploads.web.sentences.guards import tripped_words
from uploads.web.sentences.joining import question_words
from uploads.web.sentences.phrases import Piece, Pieces, counted, joined, listed
from uploads.web.sentences.plans import open_words

PHASE_WORDS: dict[str, str] = {
    "held": "Not sent yet",
    "queued": "Queued",
    "uploading": FileState.RECEIVING.badge,
    "stopped": "Stopped",
    "duplicate": FileState.DUPLICATE.badge,
    "waiting": FileState.WAITING.badge,
    "checking": Phase.CHECKING.badge,
    "loading": Phase.LOADING.badge,
    "publishing": Phase.PUBLISHING.badge,
    "published": FileState.ACTIVE.badge,
    "loaded": FileState.LOADED.badge,
    "failed": FileState.FAILED.badge,
    "deleted": FileState.DELETED.badge,
}
"""By the phase of ``Progress``; ``held``, ``queued`` and ``stopped`` are known only to the page that sends the file."""
STEPS: tuple[tuple[str, str], ...] = (
    *((phase, PHASE_WORDS[phase]) for phase in ("uploading", "waiting", "checking", "loading")),
    ("published", "Published"),
)
"""The steps of the bar, in order."""
_READERS: dict[frozenset[Visibility], str] = {
    frozenset({Visibility.PUBLIC}): "everyone who can open this site does",
    frozenset({Visibility.SIGNED_IN}): "everyone who is signed in here does",
}
REVIEW_WORDS = {
    Review.DECLINED: "It was declined: its receipt says why.",
    Review.ASKED: "Staff ask its sender something: the question is on its receipt.",
}
SAY_HOW = "Open its receipt to say how it joins."
ANSWER = "Answer…"
"""Where a list has no room for the question."""
WITHDRAWN = "Withdrawn."
DATASETS_NAMED = 3
"""Once it is done; beside what is said of every deleted file."""
WITHDRAWAL = "Removes the file and everything read from it. Only its name, size and date stay in the history."
PAGE_WORDS = {
    "phases": PHASE_WORDS,
    "steps": STEPS,
    "withdrawal": {"title": "Withdraw “NAME”?", "text": WITHDRAWAL, "confirm": "Withdraw it"},
}
"""What a page gives its script, so that these words stand here alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileButton:
    """Something that a person may do now, and what its button says."""

    act: FileAction
    label: str
    files: tuple[int, ...] = ()
    """Of a replacement: whose place it takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedFile:
    """Another file of the same content."""

    file_id: int
    words: str


def receipt_is_read(receipt: FileReceipt) -> str:
    """Who can read it. Where it is shown; in a list it would be said of every file."""
    shows_first = bool(receipt.rows_loaded) and receipt.is_spoken_for_by_its_token
    rows = [word for word, is_shown in (("first", shows_first), ("rejected", receipt.rows_rejected)) if is_shown]
    which = f", with the {' and '.join(rows)} rows" if rows else ""
    is_shown_to_few = bool(receipt.rows_loaded) and not shows_first and receipt.state is not FileState.ACTIVE
    but = f"; the loaded rows are shown to {_sender_and_staff(receipt)} alone" if is_shown_to_few else ""
    return f"Anyone who has the address of this page can read it{which}{but}."


def _sender_and_staff(receipt: FileReceipt) -> str:
    return "staff" if receipt.via in WITHOUT_SENDER else "its sender and staff"


def waits_for_staff(receipt: FileReceipt, *, is_asked: bool = False) -> str:
    """Of a loaded file that staff look at, who sees its rows before and after; ``is_asked``: something, on its page."""
    few = _sender_and_staff(receipt)
    if receipt.is_spoken_for_by_its_token:
        few = "staff and people who have the address of its receipt"
    datasets = f"its dataset{'s' * (len(receipt.loads) > 1)}"
    readers = _READERS.get(receipt.readers, f"everyone who may read {datasets} does")
    next_ = "Staff look at it next." if passed_over(receipt) else "You need do nothing more: staff look at it next."
    if is_asked:
        next_ = "A question about it stands below: please answer it, then staff look at it."
    return f"Loaded. {next_} Until they activate it, only {few} see its rows; from then on {readers}."


def file_buttons(
    *,
    state: FileState,
    can: Abilities,
    rows: int,
    same: SameContent | None = None,
    replaced: tuple[int, ...] = (),
    has_options: bool = False,
) -> tuple[FileButton, ...]:
    """In the order in which they are shown.

    A loaded file can be loaded again too, but nobody needs a button for it; nor for *Withdraw* beside *Delete*.
    ``same``: the file of the same bytes; ``has_options``: it was said how to read this one.
    """
    named = counted(rows, "row")
    alike = (same.file_id,) if same and same.state is FileState.ACTIVE else ()
    delete = "Delete this one…" if state is FileState.DUPLICATE else "Delete…"
    offered = (
        (can.add, FileButton(act=FileAction.ADD, label=add_label(has_options=has_options))),
        (can.activate, FileButton(act=FileAction.ACTIVATE, label=f"Activate {named}")),
        (can.replace and alike, FileButton(act=FileAction.REPLACE, label=replace_label(alike), files=alike)),
        (can.deactivate, FileButton(act=FileAction.DEACTIVATE, label=f"Deactivate {named}")),
        (can.put_back and replaced, FileButton(act=FileAction.PUT_BACK, label=put_back_label(replaced))),
        (can.retry and state is FileState.FAILED, FileButton(act=FileAction.RETRY, label="Load again")),
        (can.delete, FileButton(act=FileAction.DELETE, label=delete)),
        (can.withdraw and not can.delete, FileButton(act=FileAction.WITHDRAW, label="Withdraw…")),
    )
    return tuple(button for is_open, button in offered if is_open)


def buttons_of(receipt: FileReceipt, *, can: Abilities) -> tuple[FileButton, ...]:
    """Those of a file whose receipt is at hand. Where somebody is asked how it joins, the answer activates it."""
    buttons = file_buttons(
        state=receipt.state,
        can=can,
        rows=receipt.rows_loaded,
        same=receipt.same_content,
        replaced=receipt.replaced,
        has_options=bool(receipt.options),
    )
    return tuple(button for button in buttons if not (receipt.is_asked and button.act == FileAction.ACTIVATE))


def answer_label(receipt: FileReceipt, *, can: Abilities) -> str:
    """What leads to the questions on its receipt that this person may answer; empty where there are none."""
    is_asked = bool(receipt.columns_open) or (bool(receipt.overlaps) and can.activate)
    may_say = (can.activate or can.withdraw) and receipt.state is FileState.LOADED and is_asked
    return ANSWER if can.answer or may_say else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePiece:
    """Some text of a notice."""

    text: str
    file_id: int | None = None
    """The other file that it names."""


def file_notice(receipt: FileReceipt, *, can: Abilities) -> str:
    """What the person waits for or has to decide; empty where nothing is to be said."""
    return "".join(piece.text for piece in notice_pieces(receipt, can=can))


def notice_pieces(receipt: FileReceipt, *, can: Abilities) -> tuple[NoticePiece, ...]:
    """The same, with what names another file apart."""
    sentences: list[Pieces] = [(Piece(each),) for each in _notices(receipt, can=can) if each]
    state, same = receipt.state, receipt.same_content
    if _says_same(receipt, can=can):
        sentences.append(same_content_pieces(state=state, same=same, may_activate=can.activate, address=str))
    if expiry := expiry_sentence(receipt.answer_by):
        sentences.append((Piece(expiry),))
    file_id = same.file_id if same is not None else None
    return tuple(
        NoticePiece(text=piece.text, file_id=file_id if piece.href else None)
        for piece in joined([each for each in sentences if each])
    )


def _says_same(receipt: FileReceipt, *, can: Abilities) -> bool:
    """Whether the notice says which file has the same content: nothing else is to be decided before."""
    if receipt.state is FileState.DUPLICATE:
        return True
    is_free = not (receipt.review in REVIEW_WORDS or receipt.columns_open or receipt.guards or receipt.overlaps)
    same = receipt.same_content
    is_doubled = same is not None and same.state is FileState.ACTIVE
    return receipt.state is FileState.LOADED and is_free and can.activate and is_doubled


def _notices(receipt: FileReceipt, *, can: Abilities) -> list[str]:
    """The sentences that name no other file."""
    sentences = [passed_over(receipt), left_out(receipt)]
    state = receipt.state
    if state is FileState.LOADED and receipt.review in REVIEW_WORDS:
        sentences.append(REVIEW_WORDS[receipt.review])
    elif state is FileState.LOADED and receipt.columns_open:
        sentences += map(open_words, receipt.columns_open)
        sentences += [] if can.activate else [waits_for_staff(receipt)]
    elif state is FileState.LOADED and receipt.guards:
        sentences += tripped_words(receipt.guards, may_activate=can.activate)
    elif state is FileState.LOADED and not can.activate:
        sentences.append(waits_for_staff(receipt))
    elif receipt.overlaps and state is FileState.LOADED:
        sentences += [*map(question_words, receipt.overlaps), SAY_HOW]
    elif state is FileState.LOADED and not receipt.was_active and not _says_same(receipt, can=can):
        sentences.append(held_by_repeats(receipt))
    return sentences


def held_by_repeats(receipt: FileReceipt) -> str:
    """Why a file that would only add rows was not added by itself; empty where few of them are there already."""
    if not any(2 * load.repeated > load.loaded for load in receipt.loads):
        return ""
    sentences = [words for load in receipt.loads for words in repeated_of(load)]
    all_ = "all " * (receipt.rows_loaded > 1)
    sentences.append(f"Nothing of it was added yet; activating it adds {all_}{counted(receipt.rows_loaded, 'row')}.")
    return " ".join(sentences)


def expiry_sentence(answer_by: datetime | None) -> str:
    """What becomes of a file that waits for an answer; empty of any other."""
    if answer_by is None:
        return ""
    moment = answer_by.astimezone(UTC)
    day = f"{moment.day} {moment:%B %Y}"
    return f"Without an answer it is declined on {day}; nothing of it is lost, and it can be taken up again."


def keeping_sentence(receipt: FileReceipt) -> str:
    """When a visitor's file goes; empty of one that is kept."""
    if receipt.kept_until is None:
        return ""
    moment = receipt.kept_until.astimezone(UTC)
    day = f"{moment.day} {moment:%B %Y}"
    if receipt.state is FileState.FAILED:
        return f"It is deleted on {day}."
    return f"If nobody activates it, it is deleted on {day}."


def passed_over(receipt: FileReceipt) -> str:
    """How much of a loaded text was taken for titles and notes, where that is much; else empty."""
    if receipt.state is not FileState.LOADED:
        return ""
    texts = [load for load in receipt.loads if load.format == FileFormat.CSV]
    passed = sum(load.preamble + load.footer - lines_of_comments(load.notes) for load in texts)
    lines = passed + sum(load.header + load.loaded + load.rejected for load in texts)
    doubted = any(may_be_rows(load.notes) for load in texts)
    if not is_much_passed_over(passed=passed, lines=lines, may_be_rows=doubted):
        return ""
    return (
        f"{passed:,} of {lines:,} lines that are not blank were taken for titles or notes and are not loaded."
        " If they are data, change how the file is read."
    )


def left_out(receipt: FileReceipt) -> str:
    """How many rows would stay out of the dataset that a file is to join; empty where none would."""
    rejected = receipt.rows_rejected
    if receipt.state is not FileState.LOADED or not receipt.joins or not rejected:
        return ""
    named = " and ".join(f"“{name}”" for name in receipt.joins)
    verb, stay = ("does", "stays") if rejected == 1 else ("do", "stay")
    return f"{counted(rejected, 'row')} {verb} not fit {named} and {stay} out."


def fitting_sentence(*, why: str) -> str:
    """What becomes of a file that was to be activated and has other types than its dataset."""
    return (
        f"{why} It is being read again with the types of the dataset. It becomes active then, unless more of its rows"
        " are rejected: look at it first in that case."
    )


def related_file(receipt: FileReceipt) -> RelatedFile | None:
    """The file that this one repeats."""
    if receipt.version_of:
        return RelatedFile(file_id=receipt.version_of, words=f"file {receipt.version_of} read again")
    if receipt.same_content_as:
        return RelatedFile(file_id=receipt.same_content_as, words=f"same content as file {receipt.same_content_as}")
    return None


def ending_sentence(slugs: Sequence[str]) -> str:
    """``The dataset “prices” ends too: it has no other file.``; empty where none does."""
    if not slugs:
        return ""
    one = len(slugs) == 1
    listed = ", ".join(f"“{slug}”" for slug in slugs[:DATASETS_NAMED])
    if len(slugs) > DATASETS_NAMED:
        listed += f" and {len(slugs) - DATASETS_NAMED:,} more"
    verb, who = ("ends", "it has") if one else ("end", "they have")
    return f"The dataset{'s' * (not one)} {listed} {verb} too: {who} no other file."


def deletion_consequence(*, active: int, ending: Sequence[str] = ()) -> str:
    """What goes with files of which ``active`` are active; ``ending``: the datasets that have no others."""
    loss = f"; {active:,} of them {'is' if active == 1 else 'are'} active, so nobody sees these rows any more"
    return (
        f"Their rows, rejected rows and stored files go for good{loss if active else ''}."
        f"{' ' * bool(ending)}{ending_sentence(ending)} A record (name, size, hash, who, when) stays in the history."
    )


def retry_consequence(*, mended: int) -> str:
    """What becomes of ``mended`` rejected rows that were loaded after all when their files are loaded again."""
    one = mended == 1
    return (
        f"{counted(mended, 'rejected row')} {'was' if one else 'were'} fixed and loaded. Loading again starts "
        f"from the stored file: {'this row is' if one else 'these rows are'} rejected again unless "
        f"{'it fits' if one else 'they fit'} then, and edits by hand are lost."
    )


def datasets_deletion_question(*, names: Iterable[str], files: int, rows: int) -> str:
    listed = ", ".join(f"“{name}”" for name in names)
    return f"Delete {listed} with {counted(files, 'file')} and {counted(rows, 'row')}?"


def datasets_deletion_consequence(*, datasets: int) -> str:
    return (
        f"The table{'s' * (datasets != 1)} and these files go for good, with their rows and rejected rows. A workbook"
        " goes with all its sheets, also those in other datasets. A record of each file stays in the "
        "history."
    )


def received_in_words(names: Sequence[str]) -> str:
    """Beside the refusal of another file that came with them: ``“a.csv” was received all the same.``"""
    shown = listed([f"“{name}”" for name in names], most=5)
    return f"{shown} {'was' if len(names) == 1 else 'were'} received all the same."
