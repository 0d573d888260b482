"""Rows that SQL*Plus prints in several lines, and headers with rules that are no such rows."""

from pathlib import Path

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.dialect.columns.folded_rows import find_folded
from uploads.tabular.notes import NoteKind

EMPLOYEES = """\
     EMPNO ENAME      HIREDATE
---------- ---------- ---------
       SAL
----------
NOTE
----------
      7369 SMITH      17-DEC-80
       800
late

      7499 "AL" | X   20-FEB-81

new

     EMPNO ENAME      HIREDATE
---------- ---------- ---------
       SAL
----------
NOTE
----------
      7521 WARD       22-FEB-81
      1250

3 rows selected.
"""


def test_lines_of_a_row_are_put_together_below_their_rules(tmp_path: Path) -> None:
    found = look(tmp_path, EMPLOYEES)
    assert labels(found) == ["EMPNO", "ENAME", "HIREDATE", "SAL", "NOTE"]
    assert rows(found) == [
        ("7369", "SMITH", "1980-12-17", "800", "late"),
        ("7499", '"AL" | X', "1981-02-20", None, "new"),
        ("7521", "WARD", "1981-02-22", "1250", None),
    ]
    assert {NoteKind.FOLDED_ROWS, NoteKind.HEADER_REPEATED} <= kinds(found)
    assert (found.counts.rejected, found.account.footer) == (0, 1)


def test_a_value_that_is_too_long_for_its_column_is_never_cut(tmp_path: Path) -> None:
    header = "ID NAME\n-- ----\n N TOWN\n-- ----\n"
    sound = "".join(f"{n} Ann\n 7 Rome\n" for n in range(10, 30))
    found = look(tmp_path, f"{header}{sound}31 Bo\n123456789\n{sound}")
    assert (found.counts.loaded, found.counts.rejected) == (40, 1)


def test_who_names_the_delimiter_gets_each_line_as_a_row(tmp_path: Path) -> None:
    assert NoteKind.FOLDED_ROWS not in kinds(look(tmp_path, EMPLOYEES, delimiter=";"))


def test_one_rule_two_rules_of_two_tables_and_lines_that_keep_no_places_are_none() -> None:
    assert find_folded("id name\n-- ----\n 1 x\n 2 y\n") is None
    assert find_folded("id name\n-- ----\n 1 x\n\nn town\n- ----\n1 Rome\n") is None
    assert find_folded("id name\n-- ----\ntown\n----\nwhatever stands\nhere\nbelow these rules\nhere\n") is None
