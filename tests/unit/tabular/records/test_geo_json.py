"""A map in GeoJSON is a table of its features' properties, with each shape as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.records.test_json import read, rows, types
from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.notes import sentence_of

POINT = {"type": "Point", "coordinates": [1, 2]}
SHAPE = '{"type": "Point", "coordinates": [1, 2]}'


def feature(properties: dict[str, Any] | None, **others: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": POINT, **others}


def collection(*features: dict[str, Any], **others: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **others, "features": features})


def test_properties_are_columns_and_the_shape_is_json(tmp_path: Path) -> None:
    table = read(tmp_path, collection(feature({"name": "A", "pop": 1}), feature({"pop": 2, "area": 1.5})))
    assert types(table) == {"name": "text", "pop": "bigint", "geometry": "text", "area": "numeric"}
    assert rows(table) == [("1", "A", "1", SHAPE, None), ("2", None, "2", SHAPE, "1.5")]
    [note] = table.dialect.notes
    assert sentence_of(note).startswith("The file is a map (GeoJSON)")


def test_what_stands_beside_properties_and_features_is_kept_or_told(tmp_path: Path) -> None:
    first, second = feature({"id": "x", "geometry": "flat"}, id=7), feature(None, id=8, bbox=[1])
    table = read(tmp_path, collection(first, second, crs={"type": "name"}))
    assert [column.label for column in table.columns] == ["feature.id", "id", "geometry", "feature.geometry", "bbox"]
    assert rows(table)[0][1:] == ("7", "x", "flat", SHAPE, None)
    kinds = {note.kind: note for note in table.dialect.notes}
    assert kinds[NoteKind.LIST_IN_OBJECT].figures["others"] == ["crs"]


def test_features_may_stand_in_lines_and_have_no_place(tmp_path: Path) -> None:
    lines = (json.dumps({"type": "Feature", "properties": {"n": n}, "geometry": None}) for n in (1, 2))
    assert rows(read(tmp_path, "\n".join(lines), name="a.geojsonl")) == [("1", "1", None), ("2", "2", None)]


def test_an_element_that_is_no_feature_stays_as_it_is(tmp_path: Path) -> None:
    table = read(tmp_path, collection(feature({"n": 1}), {"n": 2}))
    assert rows(table) == [("1", "1", SHAPE), ("2", "2", None)]


@pytest.mark.parametrize(
    "record",
    [
        {"type": "Feature", "properties": {"n": 1}},
        {"type": "Feature", "properties": "n", "geometry": None},
        {"type": "Place", "properties": {"n": 1}, "geometry": POINT},
        {"type": "Feature", "geometry": POINT},
    ],
)
def test_other_records_keep_their_names(tmp_path: Path, record: dict[str, Any]) -> None:
    assert list(types(read(tmp_path, json.dumps([record, record])))) == list(record)
