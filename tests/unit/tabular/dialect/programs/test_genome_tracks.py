"""Tracks of a genome browser above rows without a header."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

BED = "chr7\t10\t20\tPos1\nchr7\t20\t30\tPos2\n"
GRAPH = 'track type=bedGraph name="a b" visibility=full\nchr1 10 20 -1.0\nchr1 20 30 0.5\n'


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        ("track name=a b=c d=e\n" + BED, ["chrom", "chromStart", "chromEnd", "name"], ("chr7", "10", "20", "Pos1")),
        (
            "browser hide all\n# mine\ntrack name=a\n" + BED,
            ["chrom", "chromStart", "chromEnd", "name"],
            ("chr7", "10", "20", "Pos1"),
        ),
        (GRAPH, ["chrom", "chromStart", "chromEnd", "dataValue"], ("chr1", "10", "20", "-1.0")),
        (
            "track type=peaks\n" + BED,
            ["chrom", "chromStart", "chromEnd", "column_4"],
            ("chr7", "10", "20", "Pos1"),
        ),
    ],
)
def test_tracks_are_no_rows_and_their_format_names_the_columns(
    tmp_path: Path, text: str, names: list[str], first: tuple[str, ...]
) -> None:
    found = look(tmp_path, text)
    assert (labels(found), rows(found)[0], found.counts.loaded) == (names, first, 2)
    assert (found.counts.rejected, NoteKind.HEADER_REFUSED in kinds(found)) == (0, False)


def test_rows_of_several_tracks_say_which_is_theirs(tmp_path: Path) -> None:
    found = look(tmp_path, f'track name="A 1"\n{BED}track name=B\n{BED}')
    assert labels(found)[-1] == "track"
    assert [row[-1] for row in rows(found)] == ["A 1", "A 1", "B", "B"]


def test_features_have_the_names_of_gff(tmp_path: Path) -> None:
    found = look(tmp_path, "track name=g\n" + "chr1\t.\tgene\t10\t20\t.\t+\t.\tID=a;b\n" * 2)
    assert labels(found)[:5] == ["seqname", "source", "feature", "start", "end"]


def test_a_track_far_below_the_only_one_is_rejected_not_lost(tmp_path: Path) -> None:
    found = look(tmp_path, "track name=A\n" + BED * 600 + "track name=B\n" + BED)
    assert (found.counts.loaded, found.counts.rejected) == (1202, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("track\tstart\tend\na\t1\t2\nb\t3\t4\nc\t5\t6\n", id="names that begin with track"),
        pytest.param("track title minutes\nA One 3\nB Two 4\nC Three 5\n", id="songs"),
        pytest.param(BED * 2, id="no track"),
    ],
)
def test_neighbours_are_no_tracks(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))
