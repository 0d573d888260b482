"""The profile of a dataset as its page shows it, with histograms drawn as SVG."""

from dataclasses import dataclass

from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.profile import ColumnProfile
from uploads.services.visibility import ColumnFacts
from uploads.web.sentences.datasets.profile import figures_of, quantiles_sentence
from uploads.web.sentences.datasets.published import rows_words

MOST_SHOWN = 10
WIDTH, HEIGHT = 240, 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A rectangle, in units of the drawing."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownProfile:
    """One column."""

    column: ColumnFacts
    figures: tuple[tuple[str, str], ...]
    quantiles: str
    values: tuple[tuple[str, str], ...]
    values_note: str
    bars: tuple[Bar, ...]
    drawn: str
    """The drawing in words."""


def shown_profile(profile: ColumnProfile) -> ShownProfile:
    """The most frequent values only where any comes twice."""
    figures = profile.figures
    values = figures.values[:MOST_SHOWN] if figures.values and figures.values[0][1] > 1 else ()
    more = len(values) < figures.distinct or figures.distinct_known is not RowsKnown.EXACT
    return ShownProfile(
        column=profile.column,
        figures=figures_of(profile),
        quantiles=quantiles_sentence(profile),
        values=tuple((value, rows_words(rows, figures.values_known)) for value, rows in values),
        values_note="The most frequent values" if more else "Values",
        bars=_bars(profile.bars),
        drawn=f"How the values lie between {figures.least} and {figures.greatest}",
    )


def _bars(shares: tuple[float, ...]) -> tuple[Bar, ...]:
    if not shares:
        return ()
    width, top = WIDTH / len(shares), max(shares)
    return tuple(
        Bar(x=f"{at * width:.1f}", y=f"{HEIGHT - tall:.1f}", width=f"{width - 1:.1f}", height=f"{tall:.1f}")
        for at, share in enumerate(shares)
        if (tall := HEIGHT * share / top) > 0
    )
