"""Why a guard of its dataset has a file wait, in words: the figures first, the way out last."""

from collections.abc import Sequence

from uploads.services.merging.guards import Against, Guards, Tripped, guards_words
from uploads.services.merging.keys import key_words
from uploads.states import Guard, Mode
from uploads.web.sentences.phrases import counted, listed

ACTIVATE_IF_RIGHT = "If that is right, activate it."
STAFF_LOOK = "Staff look at it before its rows are seen."
NO_GUARD = "No file waits because of its rows or columns: no guard is set."
MOST_NAMED = 5


def guard_words(tripped: Tripped) -> str:
    """``8,120 rows, 32 % fewer than the 12,000 before: more than the 20 % that “prices” lets pass.``"""
    match tripped.guard:
        case Guard.COLUMN_GONE:
            names = [f"“{name}”" for name in tripped.columns]
            gone = f"{counted(len(names), 'column')} {'is' if len(names) == 1 else 'are'} gone"
            return f"{gone}, {listed(names, most=MOST_NAMED)}: {_whose(tripped)} {_has(tripped)} what it lacks."
        case Guard.NOT_MEASURED:
            return f"How much it changes in “{tripped.name}” could not be counted in time, so a person looks first."
        case Guard.FEWER_ROWS:
            figures = _fewer(tripped)
        case _:
            figures = _changed(tripped)
    return f"{figures}: more than the {tripped.limit:g} % that “{tripped.name}” lets pass."


def guards_sentence(guards: Guards) -> str:
    """Of a dataset."""
    return f"A file waits for a person where it has {guards_words(guards)}." if guards else NO_GUARD


def measured_words(mode: Mode, key: Sequence[str]) -> str:
    """What a file is measured against, on the form."""
    match mode:
        case Mode.REPLACE:
            return (
                "A file is measured against the files whose place it takes. A row has changed that it does not have"
                " exactly as it was."
            )
        case Mode.MERGE:
            return (
                f"A file is measured by {key_words(key)} against the rows that are seen: of those that it has too, how"
                " many change; and how many go, because it deletes them or is a full list without them."
            )
    return (
        "A file’s rows are counted against the active file that stands last. Rows are only added here, so none changes;"
        " where a file is read again, it is measured against its earlier reading."
    )


def tripped_words(found: Sequence[Tripped], *, may_activate: bool) -> tuple[str, ...]:
    """All of them, and what to do; nothing where none is tripped."""
    if not found:
        return ()
    return (*map(guard_words, found), ACTIVATE_IF_RIGHT if may_activate else STAFF_LOOK)


def _fewer(tripped: Tripped) -> str:
    if tripped.against is Against.SEEN:
        gone = tripped.before - tripped.after
        return f"{gone:,} of {counted(tripped.before, 'row')} go, {_percent(tripped)}"
    before = f"the {tripped.before:,} before" if tripped.against is Against.REPLACED else _of_last(tripped)
    return f"{counted(tripped.after, 'row')}, {_percent(tripped)} fewer than {before}"


def _of_last(tripped: Tripped) -> str:
    return f"the {tripped.before:,} of the last one, file {tripped.files[0]}"


def _changed(tripped: Tripped) -> str:
    if tripped.against is Against.SEEN:
        rows = f"the {counted(tripped.before, 'row')} with its keys"
        return f"{tripped.after:,} of {rows} change, {_percent(tripped)}"
    rows = f"the {counted(tripped.before, 'row')} before"
    return f"{tripped.after:,} of {rows} are not in it as they were, {_percent(tripped)}"


def _percent(tripped: Tripped) -> str:
    """Rounded; never to the limit that it passes."""
    share = tripped.percent
    text = f"{share:.0f}" if round(share) > tripped.limit or share == round(share) else f"{share:.3g}"
    return f"{text} %"


def _whose(tripped: Tripped) -> str:
    numbers = listed([str(file) for file in tripped.files], most=MOST_NAMED)
    return f"file{'s' * (len(tripped.files) > 1)} {numbers}"


def _has(tripped: Tripped) -> str:
    return "have" if len(tripped.files) > 1 else "has"
