"""Each real delimited file has its expected outcome: nobody here made them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, ReadOptions, Reject


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the receipt of a file says."""

    encoding: str = "utf-8"
    delimiter: str = ","
    columns: int
    loaded: int
    rejected: tuple[tuple[int, str], ...] = ()
    blank: int = 0
    footer: int = 0


OUTCOMES = {
    "statsnz/annual-enterprise-survey-2021-financial-year-provisional-size-bands-csv.csv": Outcome(
        columns=7, loaded=17_028
    ),
    "statsnz/business-financial-data-june-2023-quarter-csv.csv": Outcome(columns=14, loaded=6_915),
    "statsnz/business-operations-survey-2022-information-and-communications-technology.csv": Outcome(
        encoding="cp1252", columns=6, loaded=8_699
    ),
    "statsnz/consumers-price-index-june-2023-quarter-index-numbers.csv": Outcome(columns=8, loaded=20_739),
    "dialects/311011.csv": Outcome(columns=3, loaded=39_627),
    "dialects/AirQualityUCI.csv": Outcome(delimiter=";", columns=15, loaded=9_357, blank=114),
    "dialects/bank.csv": Outcome(delimiter=";", columns=17, loaded=4_521),
    "dialects/currency.csv": Outcome(columns=2, loaded=300),
    "dialects/fake news detection datasets.csv": Outcome(
        encoding="cp850", delimiter=";", columns=15, loaded=31, blank=3
    ),
    "dialects/quotes_and_newlines.csv": Outcome(columns=2, loaded=2),
    "dialects/shift_jis.csv": Outcome(encoding="cp932", columns=2, loaded=20),
    "dialects/utf16_ex.txt": Outcome(encoding="utf-16-le", delimiter="\t", columns=11, loaded=43, blank=7),
    "dialects/wiki_machine_learning.csv": Outcome(delimiter=" ", columns=8, loaded=384),
    "malformed/bad-missing-quote.csv": Outcome(columns=3, loaded=0, rejected=((2, "unclosed_quote"),)),
    "malformed/duplicate_header_columns.csv": Outcome(columns=13, loaded=2),
    "malformed/multiple_errors.csv": Outcome(
        columns=4,
        loaded=2,
        rejected=(
            (4, "too_many_cells"),
            (5, "too_many_cells"),
            (6, "stray_quote"),
            (7, "too_few_cells"),
            (8, "too_few_cells"),
        ),
    ),
    "malformed/nightmare.csv": Outcome(
        columns=3,
        loaded=43,
        rejected=((10, "too_few_cells"), (14, "too_many_cells"), (22, "stray_quote"), (38, "undecodable")),
    ),
    "malformed/nullbyte.csv": Outcome(delimiter="|", columns=3, loaded=0, rejected=((2, "nul_byte"),)),
    "malformed/quotednewlines.csv": Outcome(columns=2, loaded=10_100),
    "containers/boston311-100.csv.multimember.gz": Outcome(columns=29, loaded=100),
    "containers/salaries.csv.zip": Outcome(delimiter="\t", columns=4, loaded=46),
}


def open_all(path: Path, *, options: ReadOptions | None = None) -> list[SourceTable]:
    return list(open_tables(path, name=path.name, options=options or ReadOptions(), limits=Limits()))


def outcome_of(table: SourceTable) -> Outcome:
    loaded = blank = 0
    rejects: list[Reject] = []
    for chunk in table.chunks():
        assert len(chunk.cells) == len(table.labels)
        assert all(len(column) == len(chunk.rows) for column in chunk.cells)
        loaded += len(chunk.rows)
        blank += chunk.blank
        rejects += chunk.rejects
    dialect = table.dialect
    return Outcome(
        encoding=dialect.encoding or "",
        delimiter=dialect.delimiter or "",
        columns=len(table.labels),
        loaded=loaded,
        rejected=tuple((reject.row, reject.code) for reject in rejects),
        blank=blank,
        footer=table.footer,
    )


@pytest.mark.parametrize("name", OUTCOMES)
def test_real_file_has_its_expected_outcome(corpus: Path, name: str) -> None:
    (table,) = open_all(corpus / name)

    assert outcome_of(table) == OUTCOMES[name]


@pytest.mark.parametrize("name", ["dialects/AirQualityUCI.csv", "malformed/nightmare.csv"])
def test_second_pass_gives_the_same(corpus: Path, name: str) -> None:
    (table,) = open_all(corpus / name)

    assert outcome_of(table) == outcome_of(table)


def test_every_data_file_of_the_text_folders_is_in_the_table(corpus: Path) -> None:
    found = {
        f"{folder}/{path.name}"
        for folder in ("dialects", "malformed", "containers", "statsnz")
        for path in (corpus / folder).iterdir()
        if path.suffix != ".xlsx" and path.name != "testzip.zip"
    }

    assert found == set(OUTCOMES)


def test_zip_of_several_tables_leaves_system_files_out_and_says_so(corpus: Path) -> None:
    tables = open_all(corpus / "containers/testzip.zip")

    assert {table.source: outcome_of(table).loaded for table in tables} == {
        "positions.csv": 6,
        "NYC311-5.ssv": 5,
        "buses.csv": 5,
        "NYC311-5.tsv": 5,
    }
    assert "__MACOSX/._positions.csv" in sentences_of(tables[0].dialect.notes)[0]


def test_values_are_those_that_pythons_csv_module_reads(corpus: Path) -> None:
    import csv

    name = "statsnz/annual-enterprise-survey-2021-financial-year-provisional-size-bands-csv.csv"
    with (corpus / name).open(encoding="utf-8-sig", newline="") as file:
        expected = Counter(tuple(row) for row in csv.reader(file))
    (table,) = open_all(corpus / name)

    found = Counter([table.labels])
    for chunk in table.chunks():
        found.update(zip(*(column.to_pylist() for column in chunk.cells), strict=True))

    assert found == expected
