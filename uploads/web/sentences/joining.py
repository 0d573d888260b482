"""What is said and asked about how a file joins its dataset."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from uploads.services.comparison.result import Effect, Unforetold, sum_of
from uploads.services.merging.changes import MOST_ROWS, MergedRows, Uncounted
from uploads.services.merging.choices import MergeChoices, choices_words
from uploads.services.merging.modes import mode_words
from uploads.services.merging.overlap import Overlap, asked_of_values, seen_of
from uploads.states import Kept, Mode
from uploads.web.sentences.comparison import effect_words, unforetold_sentence
from uploads.web.sentences.phrases import counted, listed, of_them, one_of

LACKING_NAMED = 3
MAY_NOT_SAY = "Somebody who may change the dataset has to say what that does to the old values."
ORDER_HINT = "Of rows with the same key, those of the file further down are seen."


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinButton:
    """One way to join, as a button of a form."""

    mode: str
    key: str
    label: str
    full: bool | None = None
    """Whether keys that the file lacks are not seen while it is active; ``None``: that stays as it was said."""
    blanks: Kept | None = None
    """What a blank in it does to the old value; ``None``: it has none where that matters."""
    missing_columns: Kept | None = None
    """The same of columns that it lacks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinQuestion:
    """What a file has in common with what is there, and the ways in which it can join it."""

    sentences: tuple[str, ...]
    buttons: tuple[JoinButton, ...]
    is_decided: bool
    """Nothing is left to be said: the file is activated as others are."""
    uncounted: str = ""
    """What there was no time to count; empty where nothing is left out."""
    may_count: bool = False
    """Whoever asks for it gets more time."""
    seen: str = ""
    """Goes back with the answer, so that one which comes too late is noticed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foretold:
    """What activating a file changes, by datasets, as far as it could be counted."""

    plain: Mapping[str, Effect] = field(default_factory=dict)
    as_full: Mapping[str, Effect] = field(default_factory=dict)
    """If it were the full list."""
    unknown: Mapping[str, Unforetold] = field(default_factory=dict)
    """Why it is not known."""


def join_question(
    overlaps: Sequence[Overlap],
    *,
    modes: Collection[Mode],
    is_full: bool = False,
    foretold: Foretold | None = None,
    is_asked: bool = False,
) -> JoinQuestion | None:
    """For whoever may activate a loaded file, in these ``modes``; ``None`` where its datasets have no other rows.

    ``is_full``: it is a full list already, which may be taken back. ``is_asked``: whoever looks has asked for all
    figures and was given time for them.
    """
    if not overlaps:
        return None
    effects = foretold or Foretold()
    decided = all(overlap.is_decided for overlap in overlaps)
    sentences = [overlap_words(overlap) for overlap in overlaps]
    if decided:
        sentences += [
            f"{_capital(_what_happens(overlap, effects.plain.get(overlap.dataset)))}." for overlap in overlaps
        ]
        sentences += [
            unforetold_sentence(overlap.name, effects.unknown[overlap.dataset])
            for overlap in overlaps
            if effects.unknown.get(overlap.dataset, Unforetold.TOO_LONG) is not Unforetold.TOO_LONG
        ]
    unsaid = () if is_full else asked_of_values(overlaps)
    beside = _buttons_beside(overlaps, is_full=is_full) if decided else ()
    ways = (*_updating(overlaps, unsaid), *beside) if decided else _buttons(overlaps)
    if beside and not is_full:
        sentences.append(_as_full(overlaps, effects))
    buttons = tuple(button for button in ways if button.mode in modes)
    if not decided and len(overlaps) == 1:
        sentences += _of_answers(overlaps[0], {button.mode for button in buttons})
    sentences += [words for overlap in unsaid for words in _emptied(overlap)]
    if unsaid and not buttons:
        sentences.append(MAY_NOT_SAY)
    uncounted = _uncounted(overlaps, effects, is_asked=is_asked)
    return JoinQuestion(
        sentences=tuple(sentences),
        buttons=buttons,
        is_decided=decided and not unsaid,
        uncounted=uncounted,
        may_count=bool(uncounted) and not is_asked,
        seen=seen_of(overlaps),
    )


def _uncounted(overlaps: Sequence[Overlap], effects: Foretold, *, is_asked: bool) -> str:
    left = [
        overlap
        for overlap in overlaps
        if not overlap.is_counted or effects.unknown.get(overlap.dataset) is Unforetold.TOO_LONG
    ]
    if not left:
        return ""
    of_what = f"for {len(left):,} of {counted(len(overlaps), 'table')} " if len(overlaps) > 1 else ""
    if is_asked:
        return f"Even in a minute it was not counted {of_what}what is there already."
    return f"To count {of_what}what is there already takes longer than this page waits."


def _of_answers(overlap: Overlap, offered: Collection[str]) -> list[str]:
    by_key = Mode.MERGE in offered
    doubled = _doubled(overlap, by_key=by_key) if Mode.APPEND in offered else []
    return [*doubled, *(_emptied(overlap) if by_key else ())]


def _doubled(overlap: Overlap, *, by_key: bool) -> list[str]:
    """Of an export that overlaps the one before: which answer has each row once, or what adding all of it does."""
    equal = overlap.equal_rows or 0
    if not 0 < equal < overlap.rows:
        return []
    new, twice = counted(overlap.rows - equal, "row"), counted(equal, "row is", "rows are")
    if not by_key:
        return [f"After “Add all” {twice} there twice."]
    if equal != overlap.known_keys:
        return []
    return [f"“Update” adds only what is new, {new}; after “Add all” {twice} there twice."]


def _emptied(overlap: Overlap) -> list[str]:
    """A blank, or a column that is not there, may mean “as before”: asked before it empties a value."""
    words = []
    if overlap.emptied_rows:
        has = "has" if overlap.emptied_rows == 1 else "have"
        words.append(f"{counted(overlap.emptied_rows, 'row')} of it {has} blanks where “{overlap.name}” has values.")
    elif overlap.may_empty_by_blanks:
        words.append(f"Whether it has blanks where “{overlap.name}” has values was not counted.")
    if overlap.may_empty_by_lack:
        columns = listed([f"“{label}”" for label in overlap.lacking], most=LACKING_NAMED)
        rows = "" if overlap.lacking_rows is None else f" for {overlap.lacking_rows:,} of its rows"
        words.append(f"It does not have {columns}, where “{overlap.name}” has values{rows}.")
    return words


def question_words(overlap: Overlap) -> str:
    """Of a file that waits for an answer: why."""
    return " ".join(_emptied(overlap)) if overlap.empties_unasked else overlap_words(overlap)


def overlap_words(overlap: Overlap) -> str:
    """The figure first: ``3 of 4 rows have a “code” that is in “prices” already.``"""
    name = overlap.name
    if overlap.equal_rows and overlap.equal_rows == overlap.rows:
        if overlap.rows == 1:
            return f"Its only row is in “{name}” already, exactly as it is."
        return f"All {overlap.rows:,} rows are in “{name}” already, exactly as they are."
    words = []
    if overlap.known_keys:
        have = "has" if overlap.known_keys == 1 else "have"
        words.append(
            f"{overlap.known_keys:,} of {counted(overlap.rows, 'row')} {have} {one_of(overlap.key_labels)}"
            f" that is in “{name}” already"
        )
    if overlap.equal_rows:
        are = "is" if overlap.equal_rows == 1 else "are"
        of_all = (
            f"{overlap.equal_rows:,} of {counted(overlap.rows, 'row')} {are} in “{name}” already, with equal values"
        )
        words.append(
            of_all if not words else f"{of_them(overlap.equal_rows, overlap.known_keys or 0)} {are} exactly the same"
        )
    if not words:
        words = [f"“{name}” has rows of {counted(overlap.active, 'other file')}"]
        if overlap.known_keys == 0:
            words[0] += f", and none of them has {one_of(overlap.key_labels)} of this file"
    return f"{'; '.join(words)}."


def _buttons(overlaps: Sequence[Overlap]) -> tuple[JoinButton, ...]:
    rows = sum(overlap.rows for overlap in overlaps)
    buttons = [JoinButton(mode=Mode.REPLACE, key="", label="Replace the whole table")]
    if len(overlaps) == 1 and overlaps[0].key:
        buttons += _updating(overlaps, overlaps)
    buttons.append(JoinButton(mode=Mode.APPEND, key="", label=f"Add {'all ' * (rows > 1)}{counted(rows, 'row')}"))
    return tuple(buttons)


def _updating(overlaps: Sequence[Overlap], asked: Sequence[Overlap]) -> list[JoinButton]:
    """One button; where blanks or missing columns of the ``asked`` meet values, one for each meaning they may have.

    Of several tables each is updated by the key that its dataset has.
    """
    if not asked:
        return []
    alone = overlaps[0] if len(overlaps) == 1 else None
    update = f"Update by {', '.join(alone.key_labels)}" if alone else "Update by key"
    by_blanks = any(overlap.may_empty_by_blanks for overlap in asked)
    by_lack = any(overlap.may_empty_by_lack for overlap in asked)
    ways: list[tuple[str, Kept | None, Kept | None]] = [("", None, None)]
    if by_blanks and by_lack:
        ways = [
            ("; blanks and missing columns keep the old values", Kept.KEEP, Kept.KEEP),
            ("; missing columns keep the old values, blanks empty them", Kept.REPLACE, Kept.KEEP),
            ("; blanks and missing columns empty the old values", Kept.REPLACE, Kept.REPLACE),
        ]
    elif by_blanks:
        ways = [
            ("; blanks keep the old values", Kept.KEEP, None),
            ("; blanks empty the old values", Kept.REPLACE, None),
        ]
    elif by_lack:
        ways = [
            ("; missing columns keep the old values", None, Kept.KEEP),
            ("; missing columns empty the old values", None, Kept.REPLACE),
        ]
    key = ",".join(alone.key) if alone else ""
    return [
        JoinButton(mode=Mode.MERGE, key=key, label=f"{update}{words}", blanks=blanks, missing_columns=missing)
        for words, blanks, missing in ways
    ]


def _buttons_beside(overlaps: Sequence[Overlap], *, is_full: bool) -> tuple[JoinButton, ...]:
    """What can be chosen for the one file where it was said before how files join."""
    if any(overlap.mode != Mode.MERGE for overlap in overlaps):
        return ()
    if is_full:
        return (JoinButton(mode=Mode.MERGE, key="", label="Activate, but not as the full list", full=False),)
    if any(overlap.choices.keeps for overlap in overlaps):
        return ()
    return (JoinButton(mode=Mode.MERGE, key="", label="Activate as the full list", full=True),)


def _as_full(overlaps: Sequence[Overlap], effects: Foretold) -> str:
    found = [effects.as_full.get(overlap.dataset) for overlap in overlaps]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return "As the full list it also takes out of sight what it lacks."
    return f"As the full list it {effect_words(sum_of(known))}."


def _what_happens(overlap: Overlap, effect: Effect | None) -> str:
    """When the file is activated."""
    match overlap.mode:
        case Mode.REPLACE:
            stay = "which stays" if overlap.active == 1 else "which stay"
            return f"activating it takes {counted(overlap.active, 'file')} out of “{overlap.name}”, {stay} loaded"
        case Mode.APPEND:
            return f"activating it adds {'all ' * (overlap.rows > 1)}{counted(overlap.rows, 'row')}"
        case Mode.MERGE if effect is not None:
            return "; ".join([f"activating it {effect_words(effect)}", *choices_words(overlap.choices)])
        case _:
            return f"activating it: {mode_words(overlap.mode, overlap.dataset_key, overlap.choices)}"


def hidden_sentences(hidden: int, *, may_delete: bool = False) -> tuple[str, ...]:
    """On the receipt of a file that merges. ``may_delete``: some of its rows may say that their key is deleted."""
    if not hidden:
        return ()
    if may_delete:
        are = "is" if hidden == 1 else "are"
        why = "a later file takes their place, or they delete a key."
        return (f"{counted(hidden, 'row')} of it {are} not seen: {why}",)
    if hidden == 1:
        return ("1 row of it is not seen, for a later file takes its place. Without that file it is.",)
    return (f"{hidden:,} rows of it are not seen, for later files take their place. Without those files they are.",)


_UNCOUNTED = {
    Uncounted.TOO_MANY_ROWS: (
        f"What this full list changed was not counted, for it and what it covers have more than {MOST_ROWS:,} rows."
        " Switched off, it tells it under “What changes…”."
    ),
    Uncounted.LATER_FILES: "What this full list changed was not counted, for later files are active above it.",
}


def merged_sentences(merged: MergedRows | None, *, unknown: Uncounted | None = None) -> tuple[str, ...]:
    """On the receipt of an active file that merges: ``300 rows updated, 20 added.``; or why that is not known."""
    if unknown is not None:
        return (_UNCOUNTED[unknown],)
    if merged is None:
        return ()
    done = [(merged.updated, "updated"), (merged.added, "added"), (merged.deleted, "deleted")]
    (first, what), *others = [(count, word) for count, word in done if count] or [(0, "")]
    if not first:
        return ("It changed nothing that was there.",) if merged.unchanged else ()
    words = ", ".join([f"{counted(first, 'row')} {what}", *(f"{count:,} {word}" for count, word in others)])
    if not merged.unchanged:
        return (f"{words}.",)
    rest = "row" if merged.unchanged == 1 else f"{merged.unchanged:,} rows"
    return (f"{words}. The other {rest} changed nothing.",)


def joins_sentence(mode: Mode | str, key: Sequence[str], choices: MergeChoices) -> str:
    """On the dataset's page."""
    return f"{_capital(mode_words(mode, key, choices))}."


def full_sentence(*, is_full: bool) -> str:
    """On the receipt of a file that has all rows of its dataset."""
    if not is_full:
        return ""
    return "It is a full list: while it is active, rows of earlier files whose key it lacks are not seen."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
