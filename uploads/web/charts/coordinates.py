"""Which columns say where on the earth a row is, and where a group of such rows is drawn: in the middle of its ranges.

They are known by their names: numbers alone say nothing. Names are those that tables have in English, German, French,
Spanish and Italian, alone or behind and before other words (``geo_lat``, ``start_longitude``).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from uploads.database.aggregating.terms import NUMBERS, ByBins, Group, Grouping, GroupKind, Key
from uploads.database.reading.terms import Field
from uploads.services.aggregating.parameters import USUAL_BINS

LATITUDES = frozenset({"lat", "latitude", "latitud", "latitudine", "breite", "breitengrad"})
LONGITUDES = frozenset({"lon", "lng", "long", "longitude", "longitud", "longitudine", "laenge", "lange", "langengrad"})
MAP_BINS = 40
"""Ranges of each: 1,600 fields at most, which a page shows whole, and of which a map has 20 pixels each."""
_FARTHEST = (180.0, 90.0)


class Coordinates(NamedTuple):
    latitude: Field
    longitude: Field


class Place(NamedTuple):
    """Degrees."""

    longitude: float
    latitude: float


def coordinates_among(fields: Iterable[Field]) -> Coordinates | None:
    """The first latitude that has a longitude of the same other words in its name; ``None``: there are none."""
    numbers = [field for field in fields if field.type in NUMBERS]
    longitudes = {rest: field for field in reversed(numbers) if (rest := _rest(field, LONGITUDES)) is not None}
    for field in numbers:
        rest = _rest(field, LATITUDES)
        if rest is not None and rest in longitudes:
            return Coordinates(latitude=field, longitude=longitudes[rest])
    return None


def _rest(field: Field, names: frozenset[str]) -> tuple[str, ...] | None:
    """The other words of the column's name; ``None``: none of it is one of these."""
    words = field.name.casefold().replace("ä", "a").split("_")
    rest = tuple(word for word in words if word not in names)
    return rest if len(rest) == len(words) - 1 else None


def by_coordinates(found: Coordinates) -> tuple[Grouping, ...]:
    return tuple(ByBins(field=field, bins=MAP_BINS) for field in found)


def for_places(groupings: tuple[Grouping, ...]) -> tuple[Grouping, ...]:
    """Where both coordinates are grouped as a chart does it by itself, as a map needs it: the most frequent of the
    values of each are no places."""
    if coordinates_among(each.field for each in groupings) is None:
        return groupings
    return tuple(
        each if isinstance(each, ByBins) and each.bins != USUAL_BINS else ByBins(field=each.field, bins=MAP_BINS)
        for each in groupings
    )


def places_of(groups: Sequence[Group], groupings: Sequence[Grouping]) -> tuple[Place | None, ...]:
    """Of each group; ``None``: it is blank, or nowhere on the earth. Empty where rows are grouped by something else."""
    found = coordinates_among(each.field for each in groupings)
    if found is None or len(groupings) != len(found):
        return ()
    fields = [each.field for each in groupings]
    across, up = fields.index(found.longitude), fields.index(found.latitude)
    return tuple(_place(group.keys[across], group.keys[up]) for group in groups)


def _place(across: Key, up: Key) -> Place | None:
    degrees = [_middle(key) for key in (across, up)]
    known = [each for each, most in zip(degrees, _FARTHEST, strict=True) if each is not None and abs(each) <= most]
    return Place(*known) if len(known) == len(degrees) else None


def _middle(key: Key) -> float | None:
    if key.kind is not GroupKind.BIN or key.start is None or key.end is None:
        return None
    return (float(key.start) + float(key.end)) / 2
