"""Metrics in the text format of Prometheus, and comments above other rows."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

TEXT = """# HELP http_requests_total Requests, by method.
# TYPE http_requests_total counter
http_requests_total{method="post, or put",code="200"} 1027
# TYPE up gauge
up 1
"""


def test_metrics_are_names_labels_and_values(tmp_path: Path) -> None:
    found = look(tmp_path, TEXT)
    assert labels(found) == ["metric", "labels", "value"]
    assert rows(found) == [("http_requests_total", '{method="post, or put",code="200"}', "1027"), ("up", None, "1")]
    assert (found.counts.loaded, found.counts.rejected) == (2, 0)


def test_times_are_a_column_where_there_are_any(tmp_path: Path) -> None:
    found = look(tmp_path, TEXT.replace("up 1", "up 1 1395066363000") + "go_gc 1.5e-05\nload NaN\n# EOF\n")
    assert labels(found) == ["metric", "labels", "value", "time"]
    assert [row[0] for row in rows(found)] == ["http_requests_total", "up", "go_gc", "load"]
    assert [row[2:] for row in rows(found)[1:]] == [("1", "1395066363000"), ("1.5e-05", None), ("NaN", None)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# HELP is what we need\nname value\nup 1\n", id="a line of other words"),
        pytest.param("# measured by hand\nup 1\ndown 2\n", id="another comment"),
        pytest.param("up 1\n" + TEXT, id="no comment above"),
    ],
)
def test_neighbours_are_no_metrics(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))
