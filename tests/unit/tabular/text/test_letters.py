"""Letters that are not as they were are told of: lost before the file came, or not decoded in the header."""

from pathlib import Path

import pytest

from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

SOUND = "A;Köln\nB;Münster\nC;Göttingen\n" * 20


def read(folder: Path, content: bytes) -> Inspection:
    path = folder / "t.csv"
    path.write_bytes(content)
    [table] = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=1)
    return table


def figures_of(table: Inspection, kind: NoteKind) -> list[dict[str, object]]:
    return [dict(note.figures) for note in table.notes if note.kind is kind]


def test_letters_that_were_lost_before_are_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "Gr\ufffd\ufffde;Stadt\n1;K\ufffdln\n2;Bonn\n".encode())
    assert figures_of(table, NoteKind.LETTERS_LOST) == [{"count": 3}]
    assert table.counts.loaded == 2


def test_names_that_could_not_be_decoded_are_told_for_no_row_is_rejected_for_them(tmp_path: Path) -> None:
    table = read(tmp_path, b"Stra\xdfe;Stadt\n" + SOUND.encode())
    assert figures_of(table, NoteKind.NAMES_UNDECODED) == [{"names": ["Stra\\xdfe"], "count": 1}]
    assert (table.columns[0].label, table.counts.rejected) == ("Stra\\xdfe", 0)


def test_nothing_is_told_of_letters_that_are_as_they_were(tmp_path: Path) -> None:
    table = read(tmp_path, f"Straße;\ufeffStadt\n{SOUND}".encode())
    assert not figures_of(table, NoteKind.LETTERS_LOST) + figures_of(table, NoteKind.NAMES_UNDECODED)


@pytest.mark.parametrize(
    ("codec", "word"),
    [("cp1252", "Zürich"), ("latin-1", "Genève"), ("cp1252", "Иван"), ("cp1252", "5€"), ("latin-1", "Gdańsk")],
)
def test_letters_written_as_utf8_twice_are_told_and_kept(tmp_path: Path, codec: str, word: str) -> None:
    read_wrongly = word.encode().decode(codec, "replace")
    written = read_wrongly if "\ufffd" not in read_wrongly else word.encode().decode("latin-1")
    table = read(tmp_path, f"id;name\n1;{written}\n2;{written}\n3;{written}\n4;é\n".encode())
    assert [figures["meant"] for figures in figures_of(table, NoteKind.LETTERS_TWICE)] == [word]
    assert table.head[0][2] == written


@pytest.mark.parametrize(
    "word", ["Straße", "“LIBERTÉ” «ÉGALITÉ» CAFÉ…", "12 Å²", "“IRMÃ”", "São João", "Ünal Ölçü", "東京"]
)
def test_other_letters_are_not_taken_for_utf8_twice(tmp_path: Path, word: str) -> None:
    table = read(tmp_path, f"id;name\n1;{word}\n2;{word}\n3;{word}\n".encode())
    assert not figures_of(table, NoteKind.LETTERS_TWICE)
