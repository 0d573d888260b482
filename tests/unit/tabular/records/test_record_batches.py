"""Records in batches: nested values as their text, and never more of it at once than a batch may hold."""

import json
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.records import record_batches
from uploads.tabular.records.found_record import Found
from uploads.tabular.records.json_text import DECODER, Nested, cell_text
from uploads.tabular.records.record_batches import batches_of

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)
NESTED = st.lists(VALUES) | st.dictionaries(st.text(), VALUES)


@given(NESTED)
def test_nested_value_is_written_as_python_writes_it(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert cell_text(DECODER.decode(text)) == text


@given(NESTED)
def test_text_of_a_nested_value_is_written_as_it_stands_in_another(value: Any) -> None:
    inner = DECODER.decode(json.dumps(value))
    assert cell_text({"a": Nested(cell_text(inner)), "b": [1]}) == cell_text({"a": inner, "b": [1]})


def found(*records: Any) -> list[Found]:
    return [Found(number, record=record) for number, record in enumerate(records, start=1)]


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([1, 1, 1, 1, 1], [3, 2]),
        ([60, 60, 1, 1, 1], [2, 3]),
        ([100, 100, 1], [1, 1, 1]),
        ([], []),
    ],
)
def test_batch_ends_by_its_rows_or_its_size(
    lengths: list[int], batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_batches, "BATCH_BYTES", 100)
    items = found(*({"a": "x" * length} for length in lengths))
    made = list(batches_of(iter(items), rows=3))
    assert [len(batch) for batch in made] == batches
    assert list(chain.from_iterable(made)) == items


def test_what_is_nested_is_text_at_once_and_the_rest_as_it_was() -> None:
    number = DECODER.decode("1.10")
    [[one, blank]] = batches_of(
        iter([*found({"a": [number, None], "b": number, "c": "x", "d": None}), Found(2)]), rows=9
    )
    assert one.record == {"a": "[1.10, null]", "b": "1.10", "c": "x", "d": None}
    assert {type(one.record["a"]), type(one.record["b"])} == {Nested, type(number)}
    assert blank == Found(2)
