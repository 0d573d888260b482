"""What looks like a key of a file's rows: one column, or the fewest that tell them apart together.

Several columns are looked for when somebody asks, never while a file is loaded, once for each table: of a part of
``MOST_ROWS`` rows at most, for ``SECONDS`` at most. What some rows show is made sure of in all of them.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from uploads.database.lookups.joint_keys import NotSure, some_rows, tell_apart
from uploads.database.lookups.overlap import OverlapUnknown, keys_there, unique_columns
from uploads.models import Dataset, DatasetColumn, Load
from uploads.states import FileState, Mode

MOST_ROWS = 1_000_000
SECONDS = 3.0
"""To look at three columns of 1,000,000 rows takes one or two, beside other work."""
LEAST_ROWS = 10
"""Of fewer rows nearly any two columns tell each from the others."""
MOST_COLUMNS = 12
MOST_JOINT = 3
MOST_TRIED = 3
"""Pairs, and again triples, that are looked at in all rows: each costs a reading of the table."""
LONGEST = 40
"""Characters of a text that names things; longer ones are remarks."""
_PLAUSIBLE = {
    "date": 0,
    "timestamp": 1,
    "timestamp with time zone": 1,
    "bigint": 3,
    "text": 4,
}
"""Types of columns that are part of a key, with how far down they stand: a day and a code rather than two names."""
_CODE = re.compile(
    r"(^|_)(id|ids|no|nr|num|number|nummer|numero|code|kod|key|sku|ean|isbn|iban|uuid|ref|year|month)(_|$)"
)
_AMOUNT = re.compile(
    r"(^|_)(price|amount|total|sum|qty|quantity|count|cost|value|rate|percent|share|stock|balance|weight|preis|betrag"
    r"|summe|menge|anzahl|wert|prix|montant|quantite|precio|importe|cantidad)(_|$)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyOffer:
    """Columns of a dataset that look like a key, where nobody has said how files join."""

    slug: str
    key: tuple[str, ...]
    labels: tuple[str, ...]
    rows: int
    """In which they were looked at: those of one file, of which each has another value."""


def key_offer(*, file_id: int) -> KeyOffer | None:
    """Of a file that is active in one dataset; ``None`` where nothing is to be offered."""
    loads = list(Load.objects.filter(file_id=file_id, file__state=FileState.ACTIVE).exclude(part="")[:2])
    return _offer(loads[0]) if len(loads) == 1 else None


def dataset_key_offer(dataset: Dataset) -> KeyOffer | None:
    """The same of a dataset, by the active file that came first."""
    loads = Load.objects.filter(dataset=dataset, file__state=FileState.ACTIVE).exclude(part="")
    first = loads.order_by("file_id", "position").first()
    return None if first is None else _offer(first)


def _offer(load: Load) -> KeyOffer | None:
    dataset = load.dataset
    if dataset is None or dataset.is_draft or dataset.mode != Mode.APPEND or dataset.mode_chosen is not None:
        return None
    key = likely_columns(dataset=dataset, load=load)
    if not key:
        return None
    labels = dict(dataset.columns.values_list("name", "label"))
    rows = sum(_rows_of(load.part))
    return KeyOffer(slug=dataset.slug, key=key, labels=tuple(labels[name] or name for name in key), rows=rows)


def likely_columns(*, dataset: Dataset, load: Load) -> tuple[str, ...]:
    """The columns that look like the key of a part which has those of its dataset; empty where none do."""
    return likely_key(part=load.part, dataset=dataset) or joint_key_of(part=load.part, dataset=dataset)


def likely_key(*, part: str, dataset: Dataset, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The first column that has a value in each row of a part and none twice, and looks like a name of things: amounts
    tell the rows of a short file apart by chance.

    ``names``: the dataset's columns that the part has, and what they are called there, if not the same.
    """
    columns = list(dataset.columns.exclude(type__in=["double precision", "boolean", "timestamp"]).order_by("position"))
    own = names if names is not None else {column.name: column.name for column in columns}
    if dataset.mode == Mode.MERGE:
        return tuple(dataset.key) if set(dataset.key) <= own.keys() else ()
    there = {own[column.name]: column.name for column in columns if column.name in own and _may_be_key(column)}
    unique = unique_columns(part=part, names=list(there))
    return tuple(there[name] for name in unique[:1])


def _may_be_key(column: DatasetColumn) -> bool:
    is_number_of_things = column.type != "numeric" or _CODE.search(column.name) is not None
    return is_number_of_things and not _AMOUNT.search(column.name)


def joint_key_of(
    *, part: str, dataset: Dataset, names: Mapping[str, str] | None = None, seconds: float = SECONDS
) -> tuple[str, ...]:
    """The same of several columns, kept with the part once it was looked for; ``names`` as above."""
    if dataset.mode == Mode.MERGE:
        return ()
    types = dict(dataset.columns.order_by("position").values_list("name", "type"))
    own = {names[name] if names is not None else name: name for name in types if names is None or name in names}
    loads = list(Load.objects.filter(part=part).values_list("likely_key", "rows_loaded"))
    known = loads[0][0] if loads else None
    if known is None or not set(known) <= own.keys():
        own_types = {mine: types[name] for mine, name in own.items()}
        found = joint_key(part, own_types, rows=sum(rows for _, rows in loads), seconds=seconds)
        known = found or ()
        if found is not None and (found or names is None):  # of some columns alone, nothing found says nothing of all
            Load.objects.filter(part=part).update(likely_key=list(found))
    return tuple(own[mine] for mine in known)


def moment_key_of(
    *, part: str, dataset: Dataset, names: Mapping[str, str], equal_rows: int, seconds: float
) -> tuple[str, ...]:
    """The moment of a log of which each has one row, where a part of it overlaps what is there: it comes once in the
    part and once in all that is seen, and the rows of moments that are there are ``equal_rows``, the same as they are.

    By itself a moment tells no rows apart: two sensors measure at the same one. ``names``: as above.
    """
    if dataset.mode == Mode.MERGE or sum(_rows_of(part)) < LEAST_ROWS:
        return ()
    moments = dataset.columns.filter(type="timestamp", name__in=list(names)).order_by("position")
    own = {names[name]: name for name in moments.values_list("name", flat=True)}
    until = time.monotonic() + seconds
    try:
        for mine in unique_columns(part=part, names=list(own)):
            theirs = own[mine]
            left = max(0.001, until - time.monotonic())
            if keys_there(part=part, table=dataset.slug, key={theirs: mine}, seconds=left) != equal_rows:
                continue
            left = max(0.001, until - time.monotonic())
            if tell_apart(part=dataset.slug, names=(theirs,), milliseconds=max(1, int(1_000 * left))):
                return (theirs,)
    except (NotSure, OverlapUnknown):
        return ()
    return ()


def _rows_of(part: str) -> list[int]:
    return list(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))


def joint_key(part: str, types: Mapping[str, str], *, rows: int, seconds: float = SECONDS) -> tuple[str, ...] | None:
    """The fewest columns of a part that tell its rows apart together, two or three; ``types`` by name, in order.

    Empty where none do, and of fewer or more rows than are looked at; ``None``: to know it takes longer than
    ``seconds``.
    """
    names = [name for name, type_ in types.items() if type_ in _PLAUSIBLE and not _AMOUNT.search(name)]
    if not LEAST_ROWS <= rows <= MOST_ROWS or len(names) < 2:
        return ()
    sample = some_rows(part=part, names=names, rows=rows, characters=LONGEST + 1)
    places = [place for place in range(len(names)) if _may_be_in_key(sample, place, types[names[place]])]
    places = sorted(places, key=lambda place: (_rank(names[place], types[names[place]]), place))[:MOST_COLUMNS]
    until = time.monotonic() + seconds
    try:
        for chosen in _candidates(sample, places):
            left = max(1, int(1_000 * (until - time.monotonic())))
            found = tuple(names[place] for place in sorted(chosen))
            if tell_apart(part=part, names=found, milliseconds=left):
                return found
    except NotSure:
        return None
    return ()


def _candidates(sample: Sequence[tuple[str | None, ...]], places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Which columns tell the rows of the sample apart, the likeliest first."""
    for size in range(2, MOST_JOINT + 1):
        tried = 0
        for chosen in sorted(combinations(range(len(places)), size), key=lambda each: (sum(each), each)):
            columns = tuple(places[each] for each in chosen)
            if tried < MOST_TRIED and _tells_apart(sample, columns):
                tried += 1
                yield columns


def _tells_apart(sample: Sequence[tuple[str | None, ...]], columns: Sequence[int]) -> bool:
    seen = set()
    for row in sample:
        key = tuple(row[place] for place in columns)
        if key in seen:
            return False
        seen.add(key)
    return True


def _may_be_in_key(sample: Sequence[tuple[str | None, ...]], place: int, type_: str) -> bool:
    """Not where a value is missing, is negative or is a long text, and not where there is but one."""
    values = [row[place] for row in sample]
    there = [value for value in values if value is not None]
    if len(there) < len(values) or len(set(there)) < 2:
        return False
    if type_ == "bigint":
        return not any(value.startswith("-") for value in there)
    return type_ != "text" or all(len(value) <= LONGEST and "\n" not in value for value in there)


def _rank(name: str, type_: str) -> int:
    """Codes stand between moments and other numbers."""
    return 2 if type_ in ("bigint", "text") and _CODE.search(name) else _PLAUSIBLE[type_]
