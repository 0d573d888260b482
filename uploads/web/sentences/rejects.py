"""What is said of rejected rows, of their proposed mends, and of those that were loaded after all."""

from dataclasses import dataclass
from enum import Enum, auto

from uploads.states import FileState
from uploads.web.sentences.phrases import counted


class MendsBy(Enum):
    """Who may load rejected rows of a file as proposed, for whoever looks at it."""

    READER = auto()
    SENDER_AND_STAFF = auto()
    STAFF = auto()
    NOBODY = auto()
    """Nothing of it is loaded."""


def mends_by(*, state: FileState, may_mend: bool) -> MendsBy:
    """``may_mend``: whoever looks at the file may do so."""
    if may_mend:
        return MendsBy.READER
    match state:
        case FileState.LOADED:
            return MendsBy.SENDER_AND_STAFF
        case FileState.ACTIVE:
            return MendsBy.STAFF
        case _:
            return MendsBy.NOBODY


@dataclass(frozen=True, kw_only=True, slots=True)
class MendOffer:
    """Some rejected rows of one kind can be loaded as proposed."""

    sentence: str
    example: str
    button: str
    """Empty where whoever looks may not do so."""
    look: str = ""
    """What the link to the rows says, in the place of the button."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MendedRows:
    """Rejected rows that were loaded after all."""

    sentence: str
    look: str
    """What the link to them says."""
    take_back: str
    """What the button says that makes them rejected again."""


def mend_offer(*, mends: int, example: str, is_whole: bool, by: MendsBy = MendsBy.READER) -> MendOffer | None:
    """``mends``: rejected rows of one kind that have a plain mend; unless ``is_whole``, not every row was looked at."""
    if not mends:
        return None
    count = f"{'' if is_whole else 'at least '}{mends:,}"
    button = f"Fix and load {counted(mends, 'row')}" if is_whole else "Fix and load all of these"
    is_reader = by is MendsBy.READER
    return MendOffer(
        sentence=f"{count[0].upper()}{count[1:]} can be fixed automatically{_BY[by]}."
        if by is not MendsBy.NOBODY
        else f"For {count} a fix is proposed. Nothing is loaded, so make it in the file and send that again.",
        example=f"Such as: {example}" if mends > 1 else example,
        button=button if is_reader else "",
        look="" if is_reader else f"View the {'fix' if mends == 1 else 'fixes'}",
    )


_BY = {MendsBy.READER: "", MendsBy.SENDER_AND_STAFF: ", by its sender or staff", MendsBy.STAFF: ", by staff"}


def mended_rows(number: int) -> MendedRows | None:
    if not number:
        return None
    one = number == 1
    return MendedRows(
        sentence=f"{counted(number, 'rejected row')} {'was' if one else 'were'} fixed and loaded.",
        look=f"View {'it' if one else 'them'}",
        take_back=f"Undo: reject {'it' if one else 'them'} again",
    )


def rejects_lead(*, rejected: int, may_mend: bool, mendable: int) -> str:
    """What stands above the list of rejected rows: how many, and what can be done with them."""
    if not rejected:
        return "No rejected rows are left."
    if not may_mend:
        way = "Where a row can be fixed automatically, the fix is shown here."
    elif mendable:
        way = "Load rows with the proposed fix, or edit them first."
    else:
        way = "Edit a row to fix and load it."
    return f"{counted(rejected, 'row')} {'has' if rejected == 1 else 'have'} an error. {way}"


def mend_all_button(*, mends: int, is_whole: bool) -> str:
    """Of a whole table; empty where no row has a mend."""
    if not mends:
        return ""
    return f"Fix and load {counted(mends, 'row') if is_whole else 'all rows that can be fixed automatically'}"


def look_words(*, mended: int) -> str:
    return f"View rejected rows ({mended:,} fixed and loaded)" if mended else "View rejected rows"
