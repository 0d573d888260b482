"""The name of an uploaded file is only ever a name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.files.file_name import MAX_LENGTH, UNNAMED, clean_file_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("sales 2023.csv", "sales 2023.csv"),
        ("größe.csv", "größe.csv"),
        (unicodedata.normalize("NFD", "größe.csv"), "größe.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\x.csv", "x.csv"),
        ("/var/x.csv/", "x.csv"),
        ("a\0b\n\tc\x7f.csv", "abc.csv"),
        ("invoice\u202evsc.exe", "invoicevsc.exe"),
        ("a\u2028b.csv", "ab.csv"),
        ("\ud800x.csv", "x.csv"),
        ("  x.csv  ", "x.csv"),
        ("नमस्ते\u200d.csv", "नमस्ते\u200d.csv"),
        ("", UNNAMED),
        (".", UNNAMED),
        ("..", UNNAMED),
        ("/", UNNAMED),
        ("\u202e \0", UNNAMED),
    ],
)
def test_name_is_the_last_part_without_what_cannot_be_seen(name: str, clean: str) -> None:
    assert clean_file_name(name) == clean


def test_long_name_keeps_its_extension() -> None:
    clean = clean_file_name("x" * 300 + ".csv.gz")
    assert len(clean) == MAX_LENGTH
    assert clean.endswith("x.csv.gz")


@given(st.text())
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    clean = clean_file_name(name)
    assert 0 < len(clean) <= MAX_LENGTH
    assert not set(clean) & set("/\\\0\n\u202e")
    assert clean.encode()
    assert clean_file_name(clean) == clean
