"""JSON Lines and lists of records are read with their names and types, what is no record is rejected by its place."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import records
from uploads.tabular.errors import DamagedFile, LimitExceeded, NoDataRows, NotATable
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.reasons import RejectCode
from uploads.tabular.records import json_records
from uploads.tabular.records.json_text import DECODER, cell_text
from uploads.tabular.table import FileFormat, Limits, ReadOptions


def read(tmp_path: Path, data: bytes | str, *, name: str = "a.json", limits: Limits | None = None) -> Inspection:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    [table] = inspect_file(path, options=ReadOptions(), limits=limits or Limits(), head_rows=100)
    return table


def types(table: Inspection) -> dict[str, str]:
    return {column.label: column.type.value for column in table.columns}


def rows(table: Inspection) -> list[tuple[str | None, ...]]:
    return [tuple(None if cell is None else str(cell) for cell in row) for row in table.head]


def test_lines_keep_their_numbers_and_columns_come_from_all_of_them(tmp_path: Path) -> None:
    table = read(tmp_path, '{"id": 1, "n": 1.10}\r\n\r\n{"id": 2, "ok": true}\r\n{"id": 3, "n": 2}')

    assert (table.dialect.format, table.account.lines, table.counts.blank) == (FileFormat.JSONL, 4, 1)
    assert types(table) == {"id": "bigint", "n": "numeric", "ok": "boolean"}
    assert rows(table) == [("1", "1", "1.10", None), ("3", "2", None, "True"), ("4", "3", "2", None)]


def test_list_counts_its_records(tmp_path: Path) -> None:
    table = read(tmp_path, '\ufeff[ {"a": "ü"},\n{"a": "x"} ,{"a": null}, {}]')

    assert (table.dialect.format, table.account.lines, table.counts.blank) == (FileFormat.JSON, 4, 2)
    assert rows(table) == [("1", "ü"), ("2", "x")]


def test_number_in_quotes_is_text_as_stated_and_a_day_is_a_date(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"code": "7", "day": "2024-01-31", "both": 1}, {"code": "8", "day": "", "both": "1"}]')

    assert types(table) == {"code": "text", "day": "date", "both": "text"}
    stated = table.columns[0].evidence
    assert stated is not None
    assert stated.kind is EvidenceKind.STATED


def test_exponents_make_floating_point_numbers_and_long_numbers_keep_their_digits(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"x": 1e-7, "y": 1e5}, {"x": 2, "y": 12345678901234567890}]')

    assert types(table) == {"x": "double precision", "y": "text"}
    assert rows(table) == [("1", "1e-07", "1e5"), ("2", "2.0", "12345678901234567890")]


def test_nan_that_python_writes_is_blank_and_counted(tmp_path: Path) -> None:
    table = read(tmp_path, '{"n": NaN}\n{"n": 1.5, "m": 2}\n{"n": NaN, "m": 3}\n')

    [note] = [note for note in table.notes if note.kind is NoteKind.NOT_NUMBERS]
    assert (types(table)["n"], note.figures["count"]) == ("numeric", 2)


def test_nested_values_are_the_text_of_their_json(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"o": {"x": [1.50, "ü\\"", null, true]}, "l": []}]')

    assert rows(table) == [("1", '{"x": [1.50, "ü\\"", null, true]}', "[]")]


def test_what_is_no_record_is_rejected_with_its_line(tmp_path: Path) -> None:
    sound, faulty = b'{"a": 1}\n', b'{"a": 2, oops\n[3]\n{"a": 4, "a": 5}\n{"a": "\xff"}\n{"a": "\\ud800"}\n'

    table = read(tmp_path, sound + faulty + '{"a": "größer"}\n'.encode() * 50)

    assert [(reject.row, reject.code) for reject in table.rejects] == [
        (2, RejectCode.NO_RECORD),
        (3, RejectCode.NO_RECORD),
        (4, RejectCode.NO_RECORD),
        (5, RejectCode.UNDECODABLE),
        (6, RejectCode.UNDECODABLE),
    ]
    assert (table.counts.loaded, table.counts.rejected) == (51, 5)


def test_elements_that_are_no_records_are_rejected_with_their_number(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"a": 1}, 2, {"a": 3, "a": {"b": [4]}}, "x", {"a": 5}]')

    assert [reject.row for reject in table.rejects] == [2, 3, 4]
    assert rows(table) == [("1", "1"), ("5", "5")]


def test_list_over_many_blocks_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "READ_BYTES", 7)
    values = [{"a": "ü\U0001f600" * (n % 5), "n": n} for n in range(50)]

    table = read(tmp_path, json.dumps(values, ensure_ascii=False, indent=1))

    assert [row[1:] for row in rows(table)] == [(value["a"] or None, str(value["n"])) for value in values]


def test_list_in_an_object_is_read_and_what_stands_beside_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = '{"count": 2, "next": null,\n "results": [{"a": 1}, {"a": 2}], "x": [[{"b": 1}]], "y": 12}\n'
    for size in (1, 7, 2**20):
        monkeypatch.setattr(json_records, "READ_BYTES", size)
        for data in (whole, whole.replace("\n", "")):
            table = read(tmp_path, data)

            [note] = [note for note in table.notes if note.kind is NoteKind.LIST_IN_OBJECT]
            assert note.figures == {"name": "results", "others": ["count", "next", "x", "y"], "more": 0}
            assert (table.dialect.format, rows(table)) == (FileFormat.JSON, [("1", "1"), ("2", "2")])


def read_all(tmp_path: Path, data: str, **options: Any) -> list[Inspection]:
    path = tmp_path / "a.json"
    path.write_text(data)
    return list(inspect_file(path, options=ReadOptions(**options), limits=Limits(), head_rows=9))


SEVERAL = '{"day": 1, "users": [{"a": 1}, {"a": 2}], "orders": [{"b": 3}], "tags": ["x"], "none": [], "no": [{}]}'


def test_each_list_of_records_in_an_object_is_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 7, 2**20):
        monkeypatch.setattr(json_records, "READ_BYTES", size)
        found = read_all(tmp_path, SEVERAL)

        assert [(one.source, rows(one)) for one in found] == [
            ("users", [("1", "1"), ("2", "2")]),
            ("orders", [("1", "3")]),
        ]
        [note] = [note for note in found[1].notes if note.kind is NoteKind.LIST_IN_OBJECT]
        assert note.figures == {"name": "orders", "others": ["day", "tags", "none", "no"], "more": 0}


def test_only_the_first_list_is_read_where_one_table_is_wanted(tmp_path: Path) -> None:
    [found] = read_all(tmp_path, SEVERAL, one_table=True)

    [note] = [note for note in found.notes if note.kind is NoteKind.LIST_IN_OBJECT]
    assert (found.source, note.figures["others"][1]) == (None, "orders")


@pytest.mark.parametrize("names", [("result",), ("response", "data")])
def test_lists_within_further_objects_are_found_where_there_are_no_others(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    value: object = {"n": 2, "items": [{"a": 1}, {"a": 2}]}
    for name in reversed(names):
        value = {"ok": True, name: value}

    [found] = read_all(tmp_path, json.dumps(value))

    [note] = [note for note in found.notes if note.kind is NoteKind.LIST_IN_OBJECT]
    assert (found.source, rows(found)) == (None, [("1", "1"), ("2", "2")])
    assert note.figures["name"] == ".".join([*names, "items"])


def test_a_list_behind_an_object_that_tells_of_it_is_the_table(tmp_path: Path) -> None:
    """As the World Bank answers."""
    [found] = read_all(tmp_path, '[{"page": 1, "total": 2}, [{"a": 1}, {"a": 2}]]')
    [note] = [note for note in found.notes if note.kind is NoteKind.JSON_SHAPE]
    assert (rows(found), note.figures["shape"]) == ([("1", "1"), ("2", "2")], "paged")


@pytest.mark.parametrize("data", ['[{"a": 1}, {"a": [{"b": 1}]}]', '[{"a": 1}, [2], {"a": 3}]', '[{"a": 1}, []]'])
def test_a_list_whose_first_element_is_a_record_is_one_of_records(tmp_path: Path, data: str) -> None:
    [found] = read_all(tmp_path, data)
    assert (rows(found)[0], NoteKind.JSON_SHAPE in {note.kind for note in found.notes}) == (("1", "1"), False)


def test_rows_whose_names_stand_elsewhere_are_named_with_a_way_out(tmp_path: Path) -> None:
    """As Socrata's portals give them."""
    data = '{"meta": {"view": {"columns": [{"name": "id"}, {"name": "v"}]}}, "data": [[1, "a"], [2, "b"]]}'
    with pytest.raises(NotATable, match=r"whose rows are lists .“data”.") as caught:
        read_all(tmp_path, data)
    assert "as CSV" in caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        '{"error": {"code": 403, "errors": [{"reason": "quota"}]}}',
        '{"a": {"b": {"c": {"d": [{"e": 1}]}}}}',
        '{"a": {"b": [1, 2]}, "c": [{}]}',
    ],
)
def test_other_single_objects_are_refused_still(tmp_path: Path, data: str) -> None:
    with pytest.raises(NotATable, match="a single JSON object"):
        read_all(tmp_path, data)


@pytest.mark.parametrize("codec", ["cp1252", "utf-16", "utf-8-sig"])
def test_json_in_the_encoding_of_a_system_is_read(tmp_path: Path, codec: str) -> None:
    for data in ('{"größe": "süß"}\n{"größe": "Maß"}\n', '[{"größe": "süß"}, {"größe": "Maß"}]'):
        assert [row[1] for row in rows(read(tmp_path, data.encode(codec)))] == ["süß", "Maß"]


def test_objects_over_several_lines_one_behind_the_other_are_records(tmp_path: Path) -> None:
    table = read(tmp_path, '{\n  "a": 1\n}\n{\n  "a": [2]\n}\n')

    assert (table.dialect.format, rows(table)) == (FileFormat.JSON, [("1", "1"), ("2", "[2]")])


def test_comma_behind_the_last_record_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, '[\n  {"a": 1},\n  {"a": 2},\n]\n').counts.loaded == 2


def test_records_that_hold_lists_are_records_still(tmp_path: Path) -> None:
    table = read(tmp_path, '{"a": 1, "items": [{"b": 1}]}\n{"a": 2, "items": [{"b": 2}]}\n')

    assert (table.dialect.format, table.counts.loaded) == (FileFormat.JSONL, 2)


def test_single_object_is_a_record_where_the_name_says_that_there_is_one_in_each_line(tmp_path: Path) -> None:
    data = '{"message": "not found", "codes": [2, 3]}'

    assert rows(read(tmp_path, data, name="a.ndjson")) == [("1", "not found", "[2, 3]")]
    with pytest.raises(NotATable, match="a single JSON object"):
        read(tmp_path, data)


@pytest.mark.parametrize("pack", [gzip.compress])
def test_packed_lines_are_read_as_they_come(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    table = read(tmp_path, pack(b'{"a": 1}\n{"a": 2}\n'), name="a.jsonl.gz")

    assert table.counts.loaded == 2


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ('{"a": 1, "b": [2]', NotATable),
        ('{\n  "a": 1\n}\n', NotATable),
        ("[[1, 2], [3, 4]]", NotATable),
        ("[1, 2]", NotATable),
        ('[{"a": 1}, {"a": 2', DamagedFile),
        ('[{"a": 1} {"a": 2}]', DamagedFile),
        ('[{"a": 1}] x', DamagedFile),
        ('{"results": [{"a": 1}], "count": 1', DamagedFile),
        ('{"results": [{"a": 1}]} x', DamagedFile),
        ('[{"a": 1}, ' + '{"a":' * 100_000 + "1", DamagedFile),
        ("[]", NoDataRows),
        ("[{}]", NoDataRows),
    ],
)
def test_what_is_no_list_of_records_is_refused(tmp_path: Path, data: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(tmp_path, data)


@pytest.mark.parametrize(
    "data",
    [
        '{"a": "' + "x" * 2_000 + '"}\n{"a": 1}\n',
        '[{"a": 1}, {"a": "' + "x" * 9_000 + '"}]',
        "\n".join(f'{{"c{n}": {n}}}' for n in range(50)),
        json.dumps([{f"c{n}": n for n in range(6)}]),
    ],
)
def test_cells_records_and_columns_stay_within_the_limits(tmp_path: Path, data: str) -> None:
    with pytest.raises(LimitExceeded):
        read(tmp_path, data, limits=Limits(cell_bytes=1_000, columns=5))


@pytest.mark.parametrize("data", [b"[x],y\n1,2\n", b"{a};b\n1;2\n", b'"{""a"": 1}";n\nx;1\n'])
def test_text_that_only_begins_like_json_is_a_text(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data, name="a.csv").dialect.format is FileFormat.CSV


def test_text_of_a_value_reads_back_as_the_same_value() -> None:
    for data in (*records.JSON_LISTS, b'[{"a": {"b": [{"c": 1.50}, [], {}], "d": "\\"\\\\"}}]'):
        value = json.loads(data.decode("utf-8-sig"))
        assert json.loads(cell_text(DECODER.decode(data.decode("utf-8-sig")))) == value


def test_list_of_lists_is_read_by_the_names_in_its_first_one(tmp_path: Path) -> None:
    table = read(tmp_path, '[["id", "name"], [1, "Anna"], [2], [3, "Bert", "x"], [4, null]]')

    assert types(table) == {"id": "bigint", "name": "text"}
    assert rows(table) == [("1", "1", "Anna"), ("2", "2", None), ("4", "4", None)]
    assert (table.account.lines, table.counts.rejected) == (4, 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('[[1, "Anna"], [2, "Bert"]]', "the first one holds no names"),
        ('[["a", "a"], [1, 2]]', "the first one holds no names"),
        ('{"message": "no", "codes": [1, 2]}', "single JSON object"),
        ('{"a": [1, 2], "b": [1, 2, 3]}', "single JSON object"),
        ('{"error": {"code": 5}}', "single JSON object"),
    ],
)
def test_other_shapes_are_named_with_a_way_out(tmp_path: Path, data: str, says: str) -> None:
    with pytest.raises(NotATable, match=says) as refused:
        read(tmp_path, data)

    assert "CSV" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ('[["id", "n"], [1, "a"], [2], [3, "c"]]', "lists"),
        ('["id", "n"]\n[1, "a"]\n[2]\n[3, "c"]\n', "lists"),
        ('{"id": [1, 2, 3], "n": ["a", null, "c"]}', "columns"),
        ('{"id": {"0": 1, "1": 2, "2": 3}, "n": {"0": "a", "1": null, "2": "c"}}', "columns"),
        ('{"columns": ["id", "n"], "index": [0, 1, 2], "data": [[1, "a"], [2], [3, "c"]]}', "split"),
        ('{"0": {"id": 1, "n": "a"}, "1": {"id": 2}, "2": {"id": 3, "n": "c"}}', "numbered"),
    ],
)
def test_rows_and_columns_of_other_shapes_are_put_together_and_it_is_said(
    tmp_path: Path, text: str, shape: str
) -> None:
    table = read(tmp_path, text)

    assert (types(table), rows(table)) == (
        {"id": "bigint", "n": "text"},
        [("1", "1", "a"), ("2", "2", None), ("3", "3", "c")],
    )
    assert [note.figures["shape"] for note in table.notes if note.kind is NoteKind.JSON_SHAPE] == [shape]


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        '[["id", "id"], [1, 2]]',
        '[["id"], [1, 2]]',
        '{"errors": ["not found"], "codes": [404]}',
        '{"id": [1, 2], "n": ["a"]}',
        '{"id": [1, 2], "n": "a"}',
        '{"first": {"id": 1}, "second": {"id": 2}}',
        '{"0": {"id": 1}}',
        "[1, 2]",
    ],
)
def test_what_may_be_turned_in_more_than_one_way_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotATable):
        read(tmp_path, text)


def test_name_that_a_first_record_has_twice_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match='its first record cannot be read \\("id" stands there twice\\)'):
        read(tmp_path, '[{"id": 1, "id": 2}]')


@pytest.mark.parametrize(
    "data",
    [
        '{"id": [1, 2], "name": ["Anna", "Bert"]}',
        '{"id": {"0": 1, "1": 2}, "name": {"0": "Anna", "1": "Bert"}}',
        '{"columns": ["id"], "index": [0], "data": [[1]]}',
    ],
)
def test_columns_that_are_too_long_to_be_held_are_named_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    monkeypatch.setattr("uploads.tabular.records.json_records._LONGEST_TURNED", len(data) - 1)
    with pytest.raises(NotATable, match="column by column") as refused:
        read(tmp_path, data)

    assert "CSV" in refused.value.hint


def test_lists_that_are_too_long_to_be_held_are_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uploads.tabular.records.json_records._LONGEST_TURNED", 9)
    table = read(tmp_path, '[["id", "n"], [1, "a"], [2]]')

    assert rows(table) == [("1", "1", "a"), ("2", "2", None)]
    assert [note.figures["shape"] for note in table.notes if note.kind is NoteKind.JSON_SHAPE] == ["lists"]
