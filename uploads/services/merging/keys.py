"""The columns by which rows are told apart: as people say them, and how the rows of a file are held to them."""

from collections.abc import Mapping, Sequence

from uploads.database.merging.by_key import drop_key, make_key
from uploads.database.merging.keys import KeylessRow, count_keyless, first_equal, has_blank_keys
from uploads.database.rows import storable
from uploads.models import Load
from uploads.services.errors import NeedsFitting
from uploads.tabular.errors import BadOption
from uploads.tabular.names import column_names

MOST_COLUMNS = 32
"""PostgreSQL's limit for an index."""


def parse_key(said: str | Sequence[str]) -> list[str]:
    """Names of columns as a person said them, with commas between them. Raises ``BadOption``."""
    names = [name.strip() for name in (said.split(",") if isinstance(said, str) else said)]
    names = [name for name in names if name]
    if any("\0" in name for name in names):
        raise BadOption("The key holds a NUL character.", hint="Write the names of its columns, with commas between.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadOption(f"The key names “{storable(twice)}” twice.", hint="Name each column once.")
    if len(names) > MOST_COLUMNS:
        raise BadOption(f"A key has at most {MOST_COLUMNS} columns.", hint="Choose those that tell rows apart.")
    return names


def key_columns(said: Sequence[str], *, labels: Mapping[str, str]) -> list[str]:
    """The columns, by their names in SQL, that a person meant; ``labels`` are the names with what stands in the file.

    Raises ``BadOption`` for one that is not there, for two that are the same, and for none.
    """
    if not said:
        raise BadOption("To update by key, a dataset needs a key.", hint="Name the column that tells rows apart.")
    found: list[str] = []
    for wanted in parse_key(said):
        simple = column_names([wanted])[0]
        name = next((name for name, label in labels.items() if wanted in (name, label)), None)
        name = name or next((name for name in labels if name == simple), None)
        if name is None:
            raise BadOption(
                f"There is no column “{storable(wanted)}” to be the key.", hint=f"The columns are {', '.join(labels)}."
            )
        if name in found:
            raise BadOption(f"The key names “{name}” twice.", hint="Name each column once.")
        found.append(name)
    return found


def key_words(key: Sequence[str]) -> str:
    """``“code”``, ``“code” and “shop”``"""
    return " and ".join(f"“{name}”" for name in key)


def key_does_not(key: Sequence[str]) -> str:
    """``“code” does not``, ``“code” and “shop” do not``"""
    return f"{key_words(key)} {'does' if len(key) == 1 else 'do'} not"


def key_faults(*, part: str, key: Sequence[str]) -> str:
    """What keeps a key from telling the rows of a part apart, in words; empty: nothing, and it is held to it now."""
    if make_key(part=part, key=key):
        if not has_blank_keys(part=part, key=key):  # quick now that the index is there
            Load.objects.filter(part=part).update(key=list(key))
            return ""
        drop_key(part=part)
    counts = count_keyless(part=part, key=key)
    faults = []
    if counts.blank:
        without = " or ".join(f"“{name}”" for name in key)
        faults.append(f"{counts.blank:,} row{'s' * (counts.blank != 1)} without {without}")
    example = first_equal(part=part, key=key) if counts.equal else None
    if example is not None:
        faults.append(
            f"{counts.equal:,} row{'s' * (counts.equal != 1)} with the {key_words(key)} of an earlier one (line"
            f" {example.row:,} has “{key_text(example, key)}”, and so has line {example.first_row:,})"
        )
    return " and ".join(faults)


def ensure_keyed(*, part: str, key: Sequence[str], known: Sequence[Sequence[str]]) -> None:
    """Hold a part that is about to be shown to the key of its dataset; ``known``: to which each of its loads is held.

    Raises ``NeedsFitting`` where that cannot be: read again, the rows in question are rejected, each with its line.
    """
    if all(list(each) == list(key) for each in known):
        return
    if any(known):  # of another key, that the dataset had before
        drop_key(part=part)
    faults = key_faults(part=part, key=key)
    if faults:
        raise NeedsFitting(
            f"The dataset is updated by {key_words(key)}, and the file has {faults}.",
            hint="It is read again; those rows are rejected, and the others can be seen.",
        )


def key_text(row: KeylessRow, key: Sequence[str]) -> str:
    """The values of a row's key: ``A1, North``."""
    return ", ".join(row.values[name] or "" for name in key)
