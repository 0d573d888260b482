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


def mend_offer(*, rejected: int, mends: int, example: str, is_whole: bool) -> MendOffer | None:
    """Of ``rejected`` rows ``mends`` have a plain mend; unless ``is_whole``, not every row was looked at."""
    if not mends:
        return None
    at_least = "" if is_whole else "At least "
    have = "has" if mends == 1 else "have"
    return MendOffer(
        sentence=("It has a plain mend." if rejected == 1 else f"{at_least}{mends:,} of them {have} a plain mend."),
        example=f"Such as: {example}" if mends > 1 else example,
        button=f"Load {counted(mends, 'row')}" if is_whole else "Load all that have one",
    )


def mended_rows(number: int) -> MendedRows | None:
    if not number:
        return None
    one = number == 1
    return MendedRows(
        sentence=f"{counted(number, 'row')} that had been rejected {'is' if one else 'are'} loaded by now.",
        look=f"Look at {'it' if one else 'them'}",
        take_back=f"Take {'it' if one else 'them'} back",
    )


def rejects_lead(*, rejected: int, may_mend: bool, mendable: int) -> str:
    """What stands above the list of rejected rows: how many, and what can be done with them."""
    if not rejected:
        return "No row is left that did not fit."
    if not may_mend:
        way = "Where a mend is plain, it is proposed here."
    elif mendable:
        way = "Load a row as proposed, or edit it first."
    else:
        way = "Edit a row to load it after all."
    return f"{counted(rejected, 'row')} {'does' if rejected == 1 else 'do'} not fit. {way}"


def mend_all_button(*, mends: int, is_whole: bool) -> str:
    """Of a whole table; empty where no row has a mend."""
    if not mends:
        return ""
    what = counted(mends, "rejected row") if is_whole else "the rejected rows that have a mend,"
    return f"Load {what} as proposed"


def look_words(*, mended: int) -> str:
    return f"Look at each row ({mended:,} loaded after all)" if mended else "Look at each row"
