"""calamine against openpyxl and xlrd: the same sheets, the same cells, over all real workbooks."""

from pathlib import Path

from tests.corpus.workbooks import compare_all


def test_both_readers_see_the_same_cells(corpus: Path) -> None:
    sheets = compare_all(corpus)

    assert [sheet for sheet in sheets if sheet.differs] == []
    assert len(sheets) == 79
