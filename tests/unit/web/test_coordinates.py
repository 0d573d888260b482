"""Which columns say where on the earth a row is, and where groups of them are drawn."""

from decimal import Decimal

import pytest

from uploads.database.aggregating.terms import ByBins, ByValue, Group, GroupKind, Key
from uploads.database.reading.terms import Field
from uploads.tabular.table import ColumnType
from uploads.web.charts.coordinates import MAP_BINS, coordinates_among, for_places, places_of


def field(name: str, type_: ColumnType = ColumnType.NUMERIC) -> Field:
    return Field(name=name, type=type_)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("id lat lon", "lat lon"),
        ("Longitude Latitude", "Latitude Longitude"),
        ("end_lng start_lng start_lat end_lat", "start_lat start_lng"),
        ("breitengrad längengrad", "breitengrad längengrad"),
        ("start_lat end_lng", ""),
        ("flat long_jump", ""),
        ("price", ""),
    ],
)
def test_coordinates_are_known_by_names_that_belong_together(names: str, found: str) -> None:
    pair = coordinates_among(field(name) for name in names.split())
    assert " ".join(each.name for each in pair or ()) == found


def test_texts_are_no_coordinates() -> None:
    assert coordinates_among([field("lat", ColumnType.TEXT), field("lon", ColumnType.TEXT)]) is None


def test_map_has_ranges_fine_enough_unless_somebody_chose_them() -> None:
    lat, lon = field("lat"), field("lon")
    usual = (ByValue(field=lat, top=20), ByBins(field=lon, bins=20))
    assert for_places(usual) == (ByBins(field=lat, bins=MAP_BINS), ByBins(field=lon, bins=MAP_BINS))
    chosen = (ByBins(field=lat, bins=10), ByBins(field=lon, bins=100))
    assert for_places(chosen) == chosen
    assert for_places((ByValue(field=lat, top=20),)) == (ByValue(field=lat, top=20),)


def test_group_is_drawn_in_the_middle_of_its_ranges_and_nowhere_outside_of_the_earth() -> None:
    def bin_(start: str, end: str) -> Key:
        return Key(kind=GroupKind.BIN, start=Decimal(start), end=Decimal(end))

    keys = [
        (bin_("50", "52"), bin_("-1", "0")),
        (bin_("90", "95"), bin_("0", "5")),
        (bin_("50", "52"), Key(kind=GroupKind.BLANK)),
    ]
    groups = [Group(keys=each, rows=1, value=1) for each in keys]
    groupings = (ByBins(field=field("lat"), bins=10), ByBins(field=field("lon"), bins=10))
    assert places_of(groups, groupings) == ((-0.5, 51.0), None, None)
    assert places_of(groups, groupings[:1]) == ()
