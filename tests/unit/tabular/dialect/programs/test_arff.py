"""ARFF: attributes name the columns of the rows below @data."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

HEAD = "% flowers\n@RELATION iris\n\n@ATTRIBUTE 'sepal length' NUMERIC\n@attribute class {a, b}\n\n@data\n"


def test_attributes_name_the_columns(tmp_path: Path) -> None:
    found = look(tmp_path, HEAD + "5.1, a\n% one more\n4.9,b\n?,a\n")
    assert (labels(found), rows(found)) == (["sepal length", "class"], [("5.1", "a"), ("4.9", "b"), ("?", "a")])
    assert (found.counts.rejected, NoteKind.HEADER_REFUSED in kinds(found)) == (0, False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEAD + "{0 5.1, 1 a}\n{0 4.9}\n", id="sparse"),
        pytest.param("@relation,n\n@attribute,1\n@data,2\n", id="cells of a table"),
        pytest.param("@relation x\na,b\n1,2\n3,4\n", id="no attributes"),
    ],
)
def test_neighbours_are_no_arff(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))
