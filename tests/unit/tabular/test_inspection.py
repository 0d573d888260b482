"""``python -m uploads.tabular FILE`` says what is in a file, without Django and without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.tabular.workbook.packages import write_package

PROJECT = Path(__file__).resolve().parents[3]
PRICES = "Price list\n\ncode;price;day\n01;1,50;2024-01-31\n02;2,25;2024-02-29\n03;x;2024-03-31;9\n\n"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uploads.tabular", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(PRICES)
    return path


def test_table_is_described_with_types_rows_and_an_account_of_every_line(prices: Path) -> None:
    done = run(prices)
    assert (done.returncode, done.stderr) == (0, "")
    first, account, *rest = done.stdout.splitlines()
    assert first == "table: csv, utf-8, delimiter ';', LF, header in line 3"
    assert account == "  7 lines = 1 above the table + 1 header + 2 rows loaded + 1 rejected + 2 blank"
    assert "  rejected, line 6: 4 cells instead of 3" in rest
    assert "  4 | 01 | 1.50 | 2024-01-31" in rest


def test_json_has_the_keys_of_a_load_and_its_figures(prices: Path) -> None:
    found = json.loads(run(prices, "--json", "--rows", 1).stdout)
    assert found["error"] is None
    [table] = found["tables"]
    assert (table["format"], table["delimiter"], table["header_row"]) == ("csv", ";", 3)
    assert [(column["name"], column["type"]) for column in table["columns"]] == [
        ("code", "text"),
        ("price", "numeric"),
        ("day", "date"),
    ]
    assert table["rows"] == {"read": 4, "loaded": 2, "rejected": 1, "blank": 1}
    assert table["head"] == [[4, "01", "1.50", "2024-01-31"]]


def test_types_that_only_the_last_row_shows_are_those_of_the_whole_table(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text("a\n" + "1\n" * 200_000 + "N/A\n")
    [table] = json.loads(run(path, "--json").stdout)["tables"]
    assert [column["type"] for column in table["columns"]] == ["text"]
    assert table["rows"]["loaded"] == 200_001
    assert len(table["head"]) == 5


def test_every_table_of_a_file_is_shown(tmp_path: Path) -> None:
    done = run(write_package(tmp_path / "two.zip", {"one.csv": "a;b\n1;2\n", "two.csv": "c;d\n3;4\n"}))
    titles = [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert titles == ["one.csv", "two.csv"]


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_file_that_cannot_be_read_ends_with_one_and_the_reason(tmp_path: Path, json_: list[str]) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    done = run(path, *json_)
    assert done.returncode == 1
    assert done.stderr.startswith("empty.csv is empty.")
    assert not json_ or json.loads(done.stdout)["error"]["code"] == "empty_file"


def test_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path / "none.csv")
    assert done.returncode == 2
    assert "is not a file" in done.stderr


def test_whole_package_needs_neither_django_nor_a_database() -> None:
    code = (
        "import pkgutil, sys, uploads.tabular as package\n"
        "for module in pkgutil.walk_packages(package.__path__, 'uploads.tabular.'):\n"
        "    if not module.name.endswith('__main__'): __import__(module.name)\n"
        "print(sorted({'django', 'psycopg', 'procrastinate', 'environ'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_a_number_of_rows_below_zero_is_wrong_usage(prices: Path) -> None:
    done = run(prices, "--rows", -1)
    assert (done.returncode, done.stdout) == (2, "")
