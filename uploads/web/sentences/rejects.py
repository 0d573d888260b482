"""What is said of rejected rows, of their proposed mends, and of those that were loaded after all."""

from dataclasses import dataclass

from uploads.web.sentences.phrases import counted


@dataclass(frozen=True, kw_only=True, slots=True)
class MendOffer:
    """Some rejected rows of one kind can be loaded as proposed."""

    sentence: str
    example: str
    button: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MendedRows:
    """Rejected rows that were loaded after all."""

    sentence: str
    look: str
    """What the link to them says."""
    take_back: str
    """What the button says that makes them rejected again."""


def mend_offer(*, mends: int, example: str, is_whole: bool) -> MendOffer | None:
    """``mends``: rejected rows of one kind that have a plain mend; unless ``is_whole``, not every row was looked at."""
    if not mends:
        return None
    at_least = "" if is_whole else "At least "
    return MendOffer(
        sentence=f"{at_least}{mends:,} can be fixed automatically.",
        example=f"Such as: {example}" if mends > 1 else example,
        button=f"Fix and load {counted(mends, 'row')}" if is_whole else "Fix and load all of these",
    )


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
