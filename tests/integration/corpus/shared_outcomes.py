"""What every file of the shared data must become; each value found out by another reader or by looking."""

from dataclasses import dataclass, field

TYPES = {
    "i": "bigint",
    "n": "numeric",
    "f": "double precision",
    "b": "boolean",
    "d": "date",
    "s": "timestamp",
    "t": "text",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One load as its receipt shows it. ``types``: a letter a column."""

    source: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    types: str = ""
    columns: int = 0
    """Where types are not told: how many there are."""
    loaded: int
    rejected: int = 0
    blank: int = 0
    preamble: int = 0
    blank_above: int = 0
    header_rows: int = 1
    header_row: int | None = 1
    footer: int = 0
    lines: int = 0
    """Told where records are not lines; otherwise the sum of the others."""

    @property
    def all_lines(self) -> int:
        above = self.preamble + self.blank_above + self.header_rows
        return self.lines or above + self.loaded + self.rejected + self.blank + self.footer


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A file: active with its tables, or failed with a code."""

    error: str | None = None
    tables: list[Table] = field(default_factory=list)


OUTCOMES = {
    "containers/boston311-100.csv.multimember.gz": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="isssttttttttttttitittittttnnt", loaded=100)]
    ),
    "containers/salaries.csv.zip": Outcome(
        tables=[Table(source="salaries.tsv", encoding="utf-8", delimiter="\t", types="iiii", loaded=46)]
    ),
    "containers/testzip.zip": Outcome(
        tables=[
            Table(source="positions.csv", encoding="utf-8", delimiter=",", types="tt", loaded=6),
            Table(
                source="NYC311-5.ssv",
                encoding="utf-8",
                delimiter=";",
                types="isstttttitttttttttttststitiittttttttttnnt",
                loaded=5,
            ),
            Table(source="buses.csv", encoding="utf-8", delimiter=",", types="ttttbt", loaded=5),
            Table(
                source="NYC311-5.tsv",
                encoding="utf-8",
                delimiter="\t",
                types="isstttttitttttttttttststitiittttttttttnnt",
                loaded=5,
            ),
        ]
    ),
    "dialects/311011.csv": Outcome(tables=[Table(encoding="utf-8", delimiter=",", types="iti", loaded=39_627)]),
    "dialects/AirQualityUCI.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=";", types="dtniiniiiiiinnn", loaded=9_357, blank=114)]
    ),
    "dialects/bank.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=";", types="itttbibbtitiiiitb", loaded=4_521)]
    ),
    "dialects/currency.csv": Outcome(tables=[Table(encoding="utf-8", delimiter=",", types="di", loaded=300)]),
    "dialects/fake news detection datasets.csv": Outcome(
        tables=[Table(encoding="cp850", delimiter=";", types="tittttttttttbtt", loaded=31, blank=3)]
    ),
    "dialects/quotes_and_newlines.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="it", loaded=2, lines=5)]
    ),
    "dialects/shift_jis.csv": Outcome(tables=[Table(encoding="cp932", delimiter=",", types="ti", loaded=20)]),
    "dialects/utf16_ex.txt": Outcome(
        tables=[Table(encoding="utf-16-le", delimiter="\t", types="tttdttttttt", loaded=43, blank=7)]
    ),
    "dialects/wiki_machine_learning.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=" ", types="idittiit", loaded=384)]
    ),
    "hostile/cfb.xls": Outcome(error="damaged_file"),
    "hostile/corner.xlsx": Outcome(error="limit_exceeded"),
    "hostile/dim.xlsx": Outcome(tables=[Table(source="S", types="i", loaded=1, header_rows=0, header_row=None)]),
    "hostile/farcol.xlsx": Outcome(error="limit_exceeded"),
    "hostile/laughs.xlsx": Outcome(error="damaged_file"),
    "hostile/sscount.xlsx": Outcome(error="no_data_rows"),
    "hostile/styled2m.xlsx": Outcome(error="empty_file"),
    "hostile/xxe.xlsx": Outcome(error="damaged_file"),
    "hostile/zipbomb300m.xlsx": Outcome(error="limit_exceeded"),
    "malformed/bad-missing-quote.csv": Outcome(
        error="no_row_fits", tables=[Table(encoding="utf-8", delimiter=",", types="ttt", loaded=0, rejected=1)]
    ),
    "malformed/duplicate_header_columns.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="itttttttttttt", loaded=2)]
    ),
    "malformed/multiple_errors.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="tidi", loaded=2, rejected=5)]
    ),
    "malformed/nightmare.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="itt", loaded=43, rejected=4)]
    ),
    "malformed/nullbyte.csv": Outcome(
        error="no_row_fits", tables=[Table(encoding="utf-8", delimiter="|", types="ttt", loaded=0, rejected=1)]
    ),
    "malformed/quotednewlines.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="it", loaded=10_100, lines=10_501)]
    ),
    "statsnz/agricultural-production-statistics-jun17-final-tables.xlsx": Outcome(
        tables=[
            Table(
                source="Contents",
                columns=2,
                loaded=25,
                blank=4,
                preamble=2,
                blank_above=1,
                header_rows=0,
                header_row=None,
            ),
            Table(
                source="Table 1",
                columns=13,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=8,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 2",
                columns=10,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=10,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 3",
                columns=10,
                loaded=20,
                blank=10,
                preamble=3,
                blank_above=1,
                footer=7,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 4",
                columns=10,
                loaded=20,
                blank=10,
                preamble=3,
                blank_above=1,
                footer=9,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 5",
                columns=11,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=9,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 6",
                columns=10,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=8,
                header_rows=4,
                header_row=8,
            ),
            Table(
                source="Table 7",
                columns=10,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=9,
                header_rows=3,
                header_row=7,
            ),
            Table(
                source="Table 8",
                columns=13,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=9,
                header_rows=5,
                header_row=9,
            ),
            Table(
                source="Table 9", columns=13, loaded=20, blank=7, preamble=3, blank_above=1, header_rows=4, header_row=8
            ),
            Table(source="Table 9 (row 36)", columns=7, loaded=20, blank=8, footer=9, header_rows=3, header_row=38),
            Table(
                source="Table 10",
                columns=10,
                loaded=20,
                blank=7,
                preamble=4,
                blank_above=1,
                header_rows=3,
                header_row=8,
            ),
            Table(
                source="Table 10 (row 36)",
                columns=10,
                loaded=20,
                blank=8,
                preamble=1,
                footer=9,
                header_rows=3,
                header_row=39,
            ),
            Table(
                source="Table 11",
                columns=10,
                loaded=20,
                blank=7,
                preamble=3,
                blank_above=1,
                header_rows=4,
                header_row=8,
            ),
            Table(source="Table 11 (row 36)", columns=7, loaded=20, blank=8, footer=9, header_rows=4, header_row=39),
            Table(
                source="Table 12",
                columns=7,
                loaded=38,
                blank=5,
                preamble=4,
                blank_above=2,
                footer=2,
                header_rows=3,
                header_row=9,
            ),
            Table(
                source="Table 12 (cont.)",
                columns=7,
                loaded=38,
                blank=5,
                preamble=4,
                blank_above=2,
                footer=8,
                header_rows=3,
                header_row=9,
            ),
            Table(
                source="Table 13",
                columns=5,
                loaded=38,
                blank=6,
                preamble=3,
                blank_above=2,
                footer=6,
                header_rows=3,
                header_row=8,
            ),
            Table(
                source="Table 14",
                columns=13,
                loaded=20,
                blank=9,
                preamble=3,
                blank_above=1,
                footer=10,
                header_rows=3,
                header_row=7,
            ),
        ]
    ),
    "statsnz/annual-enterprise-survey-2021-financial-year-provisional-size-bands-csv.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="itttttt", loaded=17_028)]
    ),
    "statsnz/business-financial-data-june-2023-quarter-csv.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="tnntttittttttt", loaded=6_915)]
    ),
    "statsnz/business-operations-survey-2022-information-and-communications-technology.csv": Outcome(
        tables=[Table(encoding="cp1252", delimiter=",", types="ttitti", loaded=8_699)]
    ),
    "statsnz/consumers-price-index-june-2023-quarter-index-numbers.csv": Outcome(
        tables=[Table(encoding="utf-8", delimiter=",", types="tnnttttt", loaded=20_739)]
    ),
    "workbooks/AirQualityUCI.xlsx": Outcome(
        tables=[Table(source="AirQualityUCI", types="dtnninnnnnnnnnn", loaded=9_357)]
    ),
    "workbooks/big-texty-numbers-xlsx.xlsx": Outcome(tables=[Table(source="Sheet1", types="ttt", loaded=6)]),
    "workbooks/dates-1900.xls": Outcome(
        tables=[Table(source="Sheet1", types="ddddd", loaded=1, header_rows=0, header_row=None)]
    ),
    "workbooks/dates-1904.xls": Outcome(
        tables=[Table(source="Sheet1", types="ddddd", loaded=1, header_rows=0, header_row=None)]
    ),
    "workbooks/datetime-rounding.xlsx": Outcome(tables=[Table(source="Sheet1", types="ss", loaded=4)]),
    "workbooks/df_mangle_dup_col_dtypes.xlsx": Outcome(tables=[Table(source="Sheet1", types="ii", loaded=1)]),
    "workbooks/dimension_large.xlsx": Outcome(
        tables=[Table(source="Sheet1", types="iii", loaded=3, preamble=1, blank_above=1, header_row=3)]
    ),
    "workbooks/empty-sheets.xlsx": Outcome(error="no_data_rows"),
    "workbooks/missing-first-column.xls": Outcome(
        tables=[Table(source="Sheet1", types="i", loaded=3, header_rows=0, header_row=None)]
    ),
    "workbooks/names-need-repair-xlsx.xlsx": Outcome(tables=[Table(source="Sheet1", types="ittn", loaded=2)]),
    "workbooks/password-protected-password123.xlsx": Outcome(error="encrypted_file"),
    "workbooks/poc-xmlbomb.xlsx": Outcome(error="damaged_file"),
    "workbooks/style-only-cells.xlsx": Outcome(tables=[Table(source="Data", types="ttti", loaded=3)]),
    "workbooks/texty-dates-xls.xls": Outcome(tables=[Table(source="Sheet1", types="s", loaded=2)]),
    "workbooks/times_1904.xlsx": Outcome(tables=[Table(source="Sheet1", types="t", loaded=11)]),
    "workbooks/types.xls": Outcome(
        tables=[
            Table(source="guess_me", types="tbdit", loaded=4, blank=1),
            Table(source="guess_max", types="t", loaded=3),
            Table(source="smorgasbord", types="tt", loaded=19),
            Table(source="logical_coercion", types="tt", loaded=17),
            Table(source="date_coercion", types="t", loaded=6, blank=1),
            Table(source="numeric_coercion", types="t", loaded=6, blank=1),
            Table(source="text_coercion", types="tt", loaded=8),
        ]
    ),
    "workbooks/types.xlsx": Outcome(
        tables=[
            Table(source="guess_me", types="tbdit", loaded=4, blank=1),
            Table(source="guess_max", types="t", loaded=3),
            Table(source="smorgasbord", types="tt", loaded=19),
            Table(source="logical_coercion", types="tt", loaded=17),
            Table(source="date_coercion", types="t", loaded=6, blank=1),
            Table(source="numeric_coercion", types="t", loaded=6, blank=1),
            Table(source="text_coercion", types="tt", loaded=8),
        ]
    ),
    "workbooks/unnamed-duplicated-columns.xlsx": Outcome(tables=[Table(source="Sheet1", types="itnt", loaded=2)]),
    "workbooks/utf8-sheet-names.xlsx": Outcome(
        tables=[Table(source="µ", types="i", loaded=1), Table(source="∂", types="i", loaded=1)]
    ),
    "workbooks/vietnamese-utf8.xls": Outcome(tables=[Table(source="Sheet1", types="t", loaded=6)]),
    "workbooks/whitespace-xlsx.xlsx": Outcome(
        tables=[
            Table(source="whitespace", types="t", loaded=5, blank=1),
            Table(source="logical_and_NA", types="t", loaded=2),
        ]
    ),
    "workbooks/xlsx-corrupted.xlsx": Outcome(
        tables=[
            Table(source="Sheet1", types="tttt", loaded=2),
            Table(source="Sheet2", types="tttt", loaded=2, header_rows=0, header_row=None),
        ]
    ),
}
