"""``manage.py export``: the file is whole and exact, or it is not there."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command

from tests.integration.conftest import Pipeline
from uploads.database.exporting import copying, windows
from uploads.management.datasets.management.commands.export import Command
from uploads.services.files.activation import delete_file

FILE = "area;price\nNorth;10.50\nSouth;30.00\nEast;20.00\n"


def test_format_follows_the_name_and_nothing_else_is_left(pipeline: Pipeline, tmp_path: Path) -> None:
    file = pipeline.load(FILE, "prices.csv")
    pipeline.load("area;price\nWest;1.00\n", "prices.csv")
    call_command("export", "prices", f"{tmp_path}/a.csv", "--where", "price__gt=10.50", "--sort=-price")
    assert (tmp_path / "a.csv").read_text() == "area,price\nSouth,30.00\nEast,20.00\n"
    call_command("export", "prices", f"{tmp_path}/b.jsonl", "--columns", "_row,area", "--file", str(file.file_id))
    lines = (tmp_path / "b.jsonl").read_text().splitlines()
    assert [json.loads(line)["area"] for line in lines] == ["North", "South", "East"]
    call_command("export", "prices", f"{tmp_path}/c.out", "--format", "csv", "--where", "area=West")
    assert (tmp_path / "c.out").read_text() == "area,price\nWest,1.00\n"
    call_command("export", "prices", f"{tmp_path}/d.arrows")
    assert pa.ipc.open_stream((tmp_path / "d.arrows").read_bytes()).read_all().num_rows == 4
    call_command("export", "prices", f"{tmp_path}/e.arrow")
    assert pa.ipc.open_file((tmp_path / "e.arrow").read_bytes()).read_all().num_rows == 4
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "b.jsonl", "c.out", "d.arrows", "e.arrow"]


def test_standard_output_has_the_bytes_alone(pipeline: Pipeline) -> None:
    pipeline.load(FILE, "prices.csv")
    out = io.TextIOWrapper(io.BytesIO())
    call_command("export", "prices", "-", "--format", "csv", stdout=out)
    assert out.buffer.getvalue() == b"area,price\nNorth,10.50\nSouth,30.00\nEast,20.00\n"


def test_sort_may_begin_with_a_minus(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.load(FILE, "prices.csv")
    Command().run_from_argv(["manage.py", "export", "prices", f"{tmp_path}/a.csv", "--sort", "-price"])
    assert (tmp_path / "a.csv").read_text().split() == ["area,price", "South,30.00", "East,20.00", "North,10.50"]


def test_file_that_cannot_be_whole_leaves_the_old_one(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pipeline.load("n\n" + "".join(f"{n}\n" for n in range(1, 100)), "numbers.csv")
    target = tmp_path / "n.csv"
    target.write_text("before")
    monkeypatch.setattr(windows, "FIRST_ROWS", 10)
    monkeypatch.setattr(windows, "MOST_ROWS", 10)
    original = copying.copy_out

    def delete_after(*arguments: object, **named: object) -> tuple[bytes, int]:
        monkeypatch.setattr(windows, "copy_out", lambda *_, **__: deleted())
        return original(*arguments, **named)  # type: ignore[arg-type]

    def deleted() -> bytes:
        raise windows.rows_changed()

    monkeypatch.setattr(windows, "copy_out", delete_after)
    with pytest.raises(CommandError, match=r"changed while they were exported.*Export them again"):
        call_command("export", "numbers", str(target))
    assert target.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["n.csv"]
    delete_file(file_id=file.file_id)
