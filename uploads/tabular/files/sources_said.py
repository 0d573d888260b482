"""Whether the sheets and members that a person named are there: what is said of none must not pass unheard."""

from collections.abc import Iterable

from uploads.tabular.errors import UnknownSheet
from uploads.tabular.table import ReadOptions

_NAMED = 10


def check_sources(options: ReadOptions, *, name: str, known: Iterable[str], holders: Iterable[str] = ()) -> None:
    """Raise ``UnknownSheet`` where rows were said of a sheet or member that is not there.

    ``holders``: members that have sheets of their own, which are looked for once these are known.
    """
    if not options.by_source:
        return
    there, begins = list(dict.fromkeys([*known, *holders])), tuple(f"{holder}/" for holder in holders)
    missing = next((said for said in options.by_source if said not in there and not said.startswith(begins)), None)
    if missing is None:
        return
    if not there:
        raise UnknownSheet(
            f"{name} has neither sheets nor members, and something was said of “{missing}”.",
            hint="Give the row numbers alone, such as 3.",
        )
    listed = ", ".join(f"“{each}”" for each in there[:_NAMED])
    more = f" and {len(there) - _NAMED:,} more" if len(there) > _NAMED else ""
    raise UnknownSheet(
        f"{name} has no “{missing}”, of which something was said.",
        hint=f"It has {listed}{more}. Write one of these before the exclamation mark.",
    )
