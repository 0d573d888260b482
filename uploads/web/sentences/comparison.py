"""What changes from one file to another, for people: the page, the admin and the command say it alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from uploads.database.comparison.column_figures import Figures
from uploads.services.comparison.hindsight import MOST_OTHERS
from uploads.services.comparison.result import (
    ColumnFigures,
    Comparison,
    Effect,
    Example,
    Place,
    TableChanges,
    Unforetold,
)
from uploads.web.sentences.phrases import counted, listed

_NAMED = 10
BLANK = "blank"
"""What stands for an empty cell beside others."""
ONLY_BY_ROW = "Whole rows are compared: one that changed counts as one gone and one new."


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A kind of rows: ``changed``, how many, and the word beside the figure."""

    kind: str
    rows: int
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureRow:
    """A figure of a column that is not what it was."""

    column: str
    what: str
    old: str
    new: str
    difference: str = ""


def counts_of(table: TableChanges | Comparison) -> tuple[Count, ...]:
    """The figures first; *changed* only where a key can tell."""
    changed = (Count(kind="changed", rows=table.changed, label="changed"),) if table.key else ()
    return (
        Count(kind="new", rows=table.new, label="new"),
        *changed,
        Count(kind="gone", rows=table.gone, label="gone"),
        Count(kind="equal", rows=table.equal, label="the same"),
    )


def how_compared(table: TableChanges) -> str:
    """By what rows are told apart."""
    if table.key is None:
        return ONLY_BY_ROW
    return f"Rows are told apart by {_names(table.key)}."


def rejected_sentence(table: TableChanges) -> str:
    """Of rows that were rejected, which nobody misses while they look like rows that are gone; empty without any."""
    if not table.rejected:
        return ""
    are = "was rejected and is" if table.rejected == 1 else "were rejected and are"
    told = f"{counted(table.rejected, 'row')} of the new file {are} in none of these figures"
    if not table.gone:
        return f"{told}."
    one = "it may be one" if table.rejected == 1 else "some of them may be among those"
    return f"{told}: {one} that count{'s' if table.rejected == 1 else ''} as gone."


NOT_SAID_YET = "What becomes of these rows depends on how the file joins, which nobody has said yet."


def effect_words(effect: Effect) -> str:
    """What follows “activating it”: ``updates 2 rows, adds 1 and takes 3 out of sight``"""
    told = [
        f"updates {counted(effect.changed, 'row')}" if effect.changed else "",
        f"adds {counted(effect.new, 'row')}" if effect.new else "",
        f"takes {counted(effect.gone, 'row')} out of sight" if effect.gone else "",
    ]
    words = listed([each for each in told if each] or ["changes no row that is seen"], most=len(told))
    if not effect.hidden:
        return words
    verb = "is" if effect.hidden == 1 else "are"
    return f"{words}; {effect.hidden:,} of its rows {verb} not seen, for later files have rows of the same key"


def effect_sentence(effect: Effect | None) -> str:
    """Beside the figures of a file that waits; empty where it can't be foretold."""
    if effect is None:
        return ""
    stay = "stays as it is" if effect.equal == 1 else "stay as they are"
    return f"Activating it {effect_words(effect)}. {counted(effect.equal, 'row')} {stay}."


def activation_sentence(comparison: Comparison, *, is_asked: bool) -> str:
    """What activating the file changes, or why nobody can say so; empty where that is not the question.

    ``is_asked``: somebody is asked how it joins, and has not said it yet.
    """
    if is_asked:
        return NOT_SAID_YET
    known = effect_sentence(comparison.on_activation)
    return known or " ".join(unforetold_sentence(slug, why) for slug, why in comparison.unforetold.items())


def beside_sentence(comparison: Comparison) -> str:
    """Of an active file and the others that are: what only looks gone; empty where that is not so."""
    if comparison.is_of_seen or comparison.old_side.file is not None or not comparison.gone:
        return ""
    look = "row looks gone: it is" if comparison.gone == 1 else "rows look gone: they are"
    seen = "is" if comparison.gone == 1 else "are"
    return f"{comparison.gone:,} {look} not in this file, and {seen} seen all the same, for it is active beside others."


def unforetold_sentence(name: str, why: Unforetold) -> str:
    """``name``: of the dataset."""
    match why:
        case Unforetold.READ_AGAIN:
            return f"It is first read again with the types of “{name}”: what it changes is known after that."
        case Unforetold.SEVERAL_TABLES:
            return f"Several of its tables go to “{name}”: what they change together is known once it is active."
        case Unforetold.KEY_NOT_CHECKED:
            return (
                f"Whether the key of “{name}” tells its rows apart is looked at when it is activated: what it changes"
                " is known after that."
            )
        case Unforetold.TOO_LONG:
            return f"To count what it changes in “{name}” takes longer than this page waits."
        case Unforetold.TOO_MANY_FILES:
            return (
                f"What it changes in what is seen of “{name}” is not told: more than {MOST_OTHERS:,} other files are"
                " active there. Here it is compared with all of them together."
            )


def column_sentences(table: TableChanges) -> tuple[str, ...]:
    """``1 new column: currency. It is compared in no row.``"""
    sentences = []
    if table.columns.added:
        sentences.append(f"{counted(len(table.columns.added), 'new column')}: {_names(table.columns.added)}.")
    if table.columns.missing:
        missing = table.columns.missing
        sentences.append(f"{counted(len(missing), 'column is', 'columns are')} missing: {_names(missing)}.")
    if sentences:
        sentences.append("Only the columns of both are compared.")
    for name, there in list(table.columns.renamed.items())[:_NAMED]:
        sentences.append(f"“{name}” is compared as “{there}”.")
    if len(table.columns.renamed) > _NAMED:
        sentences.append(f"{len(table.columns.renamed) - _NAMED:,} more columns have another name there.")
    for retyped in table.types[:_NAMED]:
        how = "as text, for no type holds both" if retyped.compared_as == "text" else f"as {retyped.compared_as}"
        sentences.append(f"“{retyped.name}” was {retyped.old_type} and is {retyped.new_type}; compared {how}.")
    if len(table.types) > _NAMED:
        sentences.append(f"{len(table.types) - _NAMED:,} more columns have another type.")
    return tuple(sentences)


def left_over_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Tables that nothing was compared with."""
    told = (
        (comparison.only_new, "is new: nothing is there to compare it with", "are new: nothing is there for them"),
        (comparison.only_old, "has no counterpart in the new file", "have no counterpart in the new file"),
    )
    return tuple(f"{_names(tables)} {one if len(tables) == 1 else several}." for tables, one, several in told if tables)


def sides_in_words(comparison: Comparison) -> tuple[str, str]:
    """The old side and the new one."""
    old, new = comparison.old_side, comparison.new_side
    if comparison.is_of_seen:
        return f"{old.name} without {new.name} (file {new.file})", f"{old.name} with it"
    before = f"what is active in {old.name}" if old.file is None else f"{old.name} (file {old.file})"
    return before, f"{new.name} (file {new.file})"


def place_in_words(example: Example) -> str:
    """``row 4``, ``row 4, was 7``, ``file 3, row 4``."""
    new, old = example.new, example.old
    if new is None or old is None:
        only = new or old
        return "" if only is None else f"row {only.row:,}{_in(only)}"
    return f"row {new.row:,}{_in(new)}" + (f", was {old.row:,}" if old.row != new.row else "")


def example_titles(kind: str, number: int, shown: int) -> str:
    """``100 of 1,204 rows that changed``"""
    what = {"changed": "changed", "new": "are new", "gone": "are gone"}[kind]
    one = {"changed": "changed", "new": "is new", "gone": "is gone"}[kind]
    if number > shown:
        return f"The first {shown:,} of {number:,} rows that {what}"
    return f"{counted(number, 'row')} that {one if number == 1 else what}"


def figure_rows(figures: Iterable[ColumnFigures]) -> tuple[FigureRow, ...]:
    """Every figure that is another one now."""
    return tuple(
        FigureRow(column=column.name, what=what, old=before, new=now, difference=difference)
        for column in figures
        for what, before, now, difference in _differences(column.old, column.new)
    )


def _differences(old: Figures, new: Figures) -> Iterable[tuple[str, str, str, str]]:
    for what, before, now in (("blank", old.blanks, new.blanks), ("different values", old.distinct, new.distinct)):
        if before != now:
            yield what, f"{before:,}", f"{now:,}", f"{now - before:+,}".replace("-", "−")
    ends = (("smallest", old.minimum, new.minimum), ("largest", old.maximum, new.maximum), ("sum", old.sum, new.sum))
    for what, text_before, text_now in ends:
        if text_before != text_now:
            yield what, text_before or "none", text_now or "none", ""


def _in(place: Place) -> str:
    return f" of {place.source}" if place.source else ""


def _names(names: Iterable[str]) -> str:
    return listed([f"“{name}”" for name in names], most=_NAMED)
