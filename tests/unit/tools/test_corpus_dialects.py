"""The scorer of annotated dialects says what is right, what is wrong and what is missing."""

from pathlib import Path

from tests.corpus.dialects import report

ANNOTATIONS = """#A comment
file_name|encoding|fields_delimiter|quotechar|escapechar|records_delimiter
right.csv|utf8|semicolon|doublequote|doublequote|lf
wrong.csv|utf8|comma|doublequote|backslash|lf
missing.csv|utf8|tab|singlequote||crlf
"""


def test_misses_are_listed_and_missing_files_counted(tmp_path: Path) -> None:
    (tmp_path / "set.txt").write_text(ANNOTATIONS)
    (tmp_path / "right.csv").write_text("a;b\n1;2\n3;4\n")
    (tmp_path / "wrong.csv").write_text("a|b\n1|2\n3|4\n")

    lines = report(tmp_path / "set.txt", tmp_path).splitlines()

    assert lines[0] == "set.txt: 50.0 % of 2 right (1 not there)"
    assert lines[1:] == ["  wrong.csv: ('|', '\"', False) instead of (',', '\"', True)"]


def test_a_file_that_ends_with_its_header_has_a_dialect_too(tmp_path: Path) -> None:
    (tmp_path / "set.txt").write_text("header.csv|utf8|semicolon|doublequote||lf\n")
    (tmp_path / "header.csv").write_text("a;b;c\n")

    assert report(tmp_path / "set.txt", tmp_path) == "set.txt: 100.0 % of 1 right (0 not there)"


def test_one_column_is_comma_separated_where_its_commas_stand_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "set.txt").write_text(
        "quoted.csv|utf8|comma|doublequote||lf\nbare.csv|utf8||doublequote||lf\n",
    )
    (tmp_path / "quoted.csv").write_text('decimal\n"123,456.789"\n')
    (tmp_path / "bare.csv").write_text("price\n1,50\n2,25\n")

    assert report(tmp_path / "set.txt", tmp_path) == "set.txt: 100.0 % of 2 right (0 not there)"
