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
