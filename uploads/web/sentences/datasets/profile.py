"""What is said of the figures of a dataset's columns."""

from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.profile import ColumnProfile, DatasetProfile
from uploads.tabular.table import ColumnType
from uploads.web.sentences.datasets.published import rows_words
from uploads.web.sentences.phrases import counted

LONGEST_SHOWN = 60


def state_sentence(profile: DatasetProfile) -> str:
    """How far the figures are those of the rows that readers see; empty where they are."""
    sentences = []
    if profile.missing:
        done = profile.tables - profile.missing
        sentences.append(
            f"Being counted: {done:,} of {counted(profile.tables, 'table')} of the active files so far. Load the page"
            " again in a moment."
        )
    if profile.hidden:
        sentences.append(f"{counted(profile.hidden, 'row')} may be counted that later files with the same keys hide.")
    return " ".join(sentences)


def figures_of(profile: ColumnProfile) -> tuple[tuple[str, str], ...]:
    """Names and figures, in the order in which a page shows them."""
    figures = profile.figures
    filled = figures.rows - figures.blanks
    share = f" ({figures.blanks / figures.rows:.1%})" if 0 < figures.blanks < figures.rows else ""
    found = [("Blank", f"{figures.blanks:,}{share}"), ("Different values", _distinct(profile))]
    if not filled:
        return (found[0],)
    if profile.column.type == ColumnType.BOOLEAN:
        return tuple(found)
    is_text = profile.column.type == ColumnType.TEXT
    found += [
        ("First by letters" if is_text else "Least", _short(figures.least)),
        ("Last by letters" if is_text else "Greatest", _short(figures.greatest)),
    ]
    if figures.mean is not None:
        found.append(("Mean", _rounded(figures.mean)))
    if figures.shortest is not None and figures.longest is not None:
        found.append(("Letters", f"{figures.shortest:,} to {figures.longest:,}"))
    return tuple(found)


def _distinct(profile: ColumnProfile) -> str:
    figures = profile.figures
    if figures.distinct_known is RowsKnown.AT_LEAST:
        return f"{figures.distinct:,} or more"
    return rows_words(figures.distinct, figures.distinct_known)


def quantiles_sentence(profile: ColumnProfile) -> str:
    """``5 % are at most 3, 25 % 10, half 20, 75 % 35, 95 % 90.``"""
    found = dict(profile.figures.quantiles)
    if not found:
        return ""
    about = "About " if profile.figures.points_known is RowsKnown.ABOUT else ""
    rest = ", ".join(f"{'half' if step == 50 else f'{step} %'} {_short(found[step])}" for step in (25, 50, 75, 95))
    return f"{about}5 % are at most {_short(found[5])}, {rest}."


def _short(text: str | None) -> str:
    text = text or ""
    return text[:LONGEST_SHOWN] + "…" * (len(text) > LONGEST_SHOWN)


def _rounded(text: str) -> str:
    """Six figures are enough of a mean."""
    return f"{float(text):,.6g}"
