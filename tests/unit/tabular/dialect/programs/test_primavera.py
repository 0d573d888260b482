"""Projects of Primavera: each %T begins a table, of columns that %F names."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, rows
from tests.unit.tabular.dialect.programs.test_sectioned_rows import look_at
from uploads.tabular.notes import NoteKind

HEAD = "ERMHDR\t19.12\t2026-11-28\tProject\n"
MONEY = "%T\tCURRTYPE\n%F\tcurr_id\tname\n%R\t1\tDollar\n"
EMPTY = "%T\tMEMOTYPE\n%F\tmemo_id\tmemo\n"
ONE = "%T\tUDF\n%F\tudf_id\n%R\t3\n%R\t4\n"
TASKS = "%T\tTASK\n%F\ttask_id\tcode\thours\n%R\t9\tA1\t8\n%R\t10\tA2\t16\n"


def test_each_table_has_its_own_columns(tmp_path: Path) -> None:
    found = look_at(tmp_path, HEAD + MONEY + EMPTY + ONE + TASKS + "%E\n")
    assert [labels(one) for one in found] == [["curr_id", "name"], ["udf_id"], ["task_id", "code", "hours"]]
    assert [one.counts.loaded for one in found] == [1, 2, 2]
    assert [one.counts.rejected for one in found] == [0, 0, 0]
    assert rows(found[2])[0] == ("9", "A1", "8")


def test_a_table_of_equal_width_far_below_is_never_mixed_with_the_one_above(tmp_path: Path) -> None:
    tasks = TASKS + "".join(f"%R\t{n}\tA{n}\t{n}\n" for n in range(3, 1500))
    links = "%T\tTASKPRED\n%F\tpred_id\ttask_id\tkind\n" + "".join(f"%R\t{n}\t{n}\tFS\n" for n in range(20))
    [found] = look_at(tmp_path, HEAD + tasks + links)
    assert (found.counts.loaded, found.counts.rejected, found.account.footer) == (1499, 21, 1)
    [_, other] = look_at(tmp_path, HEAD + tasks + links, table_rows="1504")
    assert (labels(other), other.counts.loaded) == (["pred_id", "task_id", "kind"], 20)


def test_a_wider_table_far_below_is_found(tmp_path: Path) -> None:
    tasks = TASKS + "".join(f"%R\t{n}\tA{n}\t{n}\n" for n in range(3, 1500))
    links = "%T\tTASKPRED\n%F\tid\ttask\tlag\tkind\n" + "".join(f"%R\t{n}\t{n}\t0\tFS\n" for n in range(40))
    found = look_at(tmp_path, HEAD + tasks + links)
    assert [(one.counts.loaded, one.counts.rejected) for one in found] == [(1499, 0), (40, 0)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("%T\tn\n%F\t2\n%R\t3\n%R\t4\n", id="no line of the program"),
        pytest.param(HEAD + "a\tb\tc\td\n1\t2\t3\t4\n5\t6\t7\t8\n", id="no marks"),
    ],
)
def test_neighbours_are_no_projects(tmp_path: Path, text: str) -> None:
    assert all(NoteKind.PROGRAM_FORM not in kinds(one) for one in look_at(tmp_path, text))
