"""Whoever loads by command reads which columns are in doubt, and the commands that he is shown do what they say."""

import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from uploads.management.column_offers import MOST_COLUMNS
from uploads.models import DatasetColumn, UploadedFile
from uploads.states import FileState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_schema")]


def load(path: Path, text: str) -> list[str]:
    out = StringIO()
    path.write_text(text)
    call_command("load_file", str(path), stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def commands(lines: list[str]) -> list[list[str]]:
    shown = (line.split("manage.py ", 1) for line in lines if "Change it: manage.py" in line)
    return [shlex.split(command) for _, command in shown]


def carry_out(words: list[str]) -> None:
    call_command(*words, stdout=StringIO(), stderr=StringIO())


def type_of(name: str) -> str:
    return DatasetColumn.objects.get(name=name, dataset__established_at__isnull=False).type


@pytest.mark.parametrize(
    ("text", "column", "types"),
    [
        ("who,born\na,01.05.65\nb,15.06.71\nc,20.07.48\n", "born", ["date", "date"]),
        ("n;price\n1;1.001\n2;2.002\n", "price", ["numeric", "bigint"]),
        ("n,member\n1,ja\n2,nein\n3,ja\n", "member", ["boolean"]),
        ("n,price\n1,CHF 5\n2,CHF 7\n", "price", ["bigint"]),
        ("n,price\n1,5\n2,n/a\n3,7\n", "price", ["bigint"]),
    ],
)
@pytest.mark.parametrize("chosen", [0, -1])
def test_each_way_out_is_a_command_that_works(
    tmp_path: Path, text: str, column: str, types: list[str], chosen: int
) -> None:
    lines = load(tmp_path / "t.csv", text)
    assert any(line.startswith(f"    {column}: text") for line in lines)
    ways = commands(lines)
    assert len(ways) == len(types)

    carry_out(ways[chosen])

    assert type_of(column) == types[chosen]


def test_rows_that_hold_words_can_be_left_out(tmp_path: Path) -> None:
    [way] = commands(load(tmp_path / "t.csv", "city,price\nA,5\nB,7\nAll cities,Total\nC,9\nD,1\n"))
    assert way[0] == "read_again"

    carry_out(way)

    assert UploadedFile.objects.get(state=FileState.ACTIVE).rows_loaded == 4
    assert type_of("price") == "bigint"


def test_columns_that_are_sure_say_nothing(tmp_path: Path) -> None:
    assert not commands(load(tmp_path / "t.csv", "n,price\n1,5.50\n2,6.75\n"))


def test_of_many_columns_the_first_are_said(tmp_path: Path) -> None:
    count = MOST_COLUMNS + 2
    header = ",".join(f"born_{number}" for number in range(count))
    lines = load(tmp_path / "t.csv", f"{header}\n" + f"{','.join(['15.05.65'] * count)}\n" * 3)
    assert lines[-1].strip() == "2 more columns could be of another type: the receipt says how."
    assert len(commands(lines)) == 2 * MOST_COLUMNS
