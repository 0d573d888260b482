"""A total or the units below the header are rows to leave out, never words that mean an empty cell."""

from pathlib import Path

import pytest

from tests.unit.tabular.test_one_table import text
from uploads.tabular.inspection import inspect_file
from uploads.tabular.layout.rows_in_doubt import RowsInDoubt, rows_in_doubt
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.table import Column, Limits, ReadOptions


def columns_of(folder: Path, content: str) -> tuple[Column, ...]:
    path = text(folder, content)
    [table] = inspect_file(path, options=ReadOptions(header_row=1), limits=Limits(), head_rows=1)
    return table.columns


@pytest.mark.parametrize(
    ("content", "words", "rows", "row_words"),
    [
        ("place;n\na;1\nb;Total\nc;2\nd;Total\ne;3\nf;4\n", (), (3, 5), ("Total",)),
        ("place;n\na;1\nb;Summe:\nc;2\nd;3\ne;NA\n", ("NA",), (3,), ("Summe:",)),
        ("place;speed\n-;m/s\na;1\nb;2\nc;3\n", (), (2,), ("m/s",)),
        ("place;speed\n-;[kg]\na;1\nb;2\nc;3\n", (), (2,), ("[kg]",)),
        ("place;speed\n-;how fast\na;1\nb;2\nc;3\n", (), (2,), ("how fast",)),
        ("place;speed\n-;n.d.\na;1\nb;2\nc;3\n", ("n.d.",), (2,), ("n.d.",)),
    ],
)
def test_suggestion_names_the_rows(
    tmp_path: Path, content: str, words: tuple[str, ...], rows: tuple[int, ...], row_words: tuple[str, ...]
) -> None:
    suggestion = columns_of(tmp_path, content)[1].suggestion
    assert suggestion is not None
    assert (suggestion.null_words, suggestion.rows, suggestion.row_words) == (words, rows, row_words)


@pytest.mark.parametrize(
    ("content", "example"),
    [
        ("place;speed\n-;how fast\na;1\nb;2\nc;3\n", "how fast"),
        ("place;day\n-;soon\na;2024-01-01\nb;2024-01-02\nc;2024-01-03\n", "soon"),
        ("place;n\na;1\nb;Total\nc;2\nd;Total\ne;3\nf;4\n", ""),
        ("place;speed\n-;m/s\na;1\nb;2\nc;3\n", ""),
        ("place;speed\n-;n.d.\na;1\nb;2\nc;3\n", ""),
        ("place;n\na;1\nb;how fast\nc;2\nd;3\n", ""),
    ],
)
def test_a_first_value_that_may_be_one_is_offered_to_be_rejected_too(
    tmp_path: Path, content: str, example: str
) -> None:
    ways = columns_of(tmp_path, content)[1].alternatives
    assert [(way.rejects, way.example) for way in ways] == ([(True, example)] if example else [])


@pytest.mark.parametrize(
    "content",
    [
        "place;n\na;x\nb;2\nc;x\nd;3\ne;4\n",
        "place;n\na;1\nb;x\nc;2\nd;3\n",
        "place;n\na;NA\nb;1\nc;2\nd;3\n",
    ],
)
def test_word_for_a_figure_that_is_not_told_stays_one(tmp_path: Path, content: str) -> None:
    suggestion = columns_of(tmp_path, content)[1].suggestion
    assert suggestion is not None
    assert (suggestion.rows, len(suggestion.null_words)) == ((), 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("place;n\na;1\nb;Total\nc;2\nd;Total\ne;3\nf;4\n", "Without lines 3, 5, all are whole numbers."),
        ("place;n\na;1\nb;Sum\nc;2\nd;3\ne;NA\n", 'Without line 3 and with "NA" read as empty, all are whole numbers.'),
        ("place;v\n-;fast\na;1\nb;2\nc;3\n", "Without line 2, all are whole numbers."),
        ("place;v\n-;n.d.\na;1\nb;2\nc;3\n", 'Without line 2 or with "n.d." read as empty, all are whole numbers.'),
        ("place;n\na;1\nb;Dinner\nc;2\nd;Number\ne;3\nf;4\n", "Without lines 3, 5, all are whole numbers."),
        (
            "place;n\na;1\nb;Dinner\nc;2\nd;-\ne;3\nf;4\n",
            'Without line 3 and with "-" read as empty, all are whole numbers.',
        ),
    ],
)
def test_evidence_says_so(tmp_path: Path, content: str, sentence: str) -> None:
    assert evidence_in_words(columns_of(tmp_path, content)[1].evidence).endswith(sentence)


def test_first_value_alone_may_be_a_unit() -> None:
    assert rows_in_doubt({"%": [2]}, first=2) == RowsInDoubt(rows=(2,), words=("%",), is_sure=True)
    assert rows_in_doubt({"%": [9]}, first=2) == RowsInDoubt()
    assert rows_in_doubt({"%": [2]}, first=None) == RowsInDoubt()
    assert rows_in_doubt({"%": [2], "x": [7]}, first=2) == RowsInDoubt()
    assert rows_in_doubt({}, first=2) == RowsInDoubt()
