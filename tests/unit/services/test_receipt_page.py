"""The account of lines on a receipt: it adds up, and its bar hides nothing."""

from dataclasses import replace

import pytest

from uploads.services.exporting.formula_guard import safe_cell
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.rejects.groups import RejectGroup
from uploads.services.rejects.proposals import MendCounts
from uploads.tabular.notes import Note, NoteKind
from uploads.web.shown.receipt_tables import account, facts_of, fault_of, table_of

LOAD = LoadReceipt(
    load_id=1,
    dataset="d",
    address="d",
    is_draft=False,
    part="_file_1_1_1",
    source=None,
    format="csv",
    encoding="utf-8",
    delimiter=";",
    quote='"',
    escape=None,
    line_end="LF",
    header_row=4,
    columns=(),
    notes=(),
    read=1_000_010,
    loaded=1_000_000,
    rejected=3,
    blank=7,
    preamble=2,
    header=1,
    blank_above=1,
    footer=1,
    line_breaks=0,
    left_out=0,
    lines=1_000_015,
    seconds=1.5,
)


def test_account_is_the_sum_of_all_kinds_of_lines() -> None:
    shares, total = account(LOAD)
    assert {share.kind: share.count for share in shares} == {
        "preamble": 2,
        "header": 1,
        "loaded": 1_000_000,
        "rejected": 3,
        "blank": 8,
        "footer": 1,
    }
    assert total == LOAD.lines == 1_000_015


def test_rows_of_a_failed_file_are_not_called_loaded() -> None:
    failed = replace(LOAD, part=None)
    assert "1,000,000 rows that would fit" in failed.account.sentence
    assert "would fit" in [share.label for share in account(failed)[0]]


def test_sentence_adds_up_before_the_readers_eyes() -> None:
    assert LOAD.account.sentence == (
        "1,000,015 lines = 2 above the table + 1 header + 1,000,000 rows loaded + 3 rejected + 8 blank"
        " + 1 below the table"
    )
    sheet = replace(LOAD, format="xlsx", preamble=0, header=2, blank_above=0, loaded=1, rejected=0, blank=0, footer=0)
    assert replace(sheet, lines=3).account.sentence == "3 rows = 2 of the header + 1 row loaded"


def test_line_breaks_inside_cells_are_part_of_the_sum() -> None:
    load = replace(LOAD, line_breaks=7, lines=1_000_022)
    shares, total = account(load)
    assert (total, shares[-1].kind, shares[-1].count) == (load.lines, "breaks", 7)
    assert load.account.sentence.endswith(" + 7 line breaks inside cells")


def test_rows_left_out_are_part_of_the_sum() -> None:
    load = replace(LOAD, left_out=2, lines=1_000_017)
    shares, total = account(load)
    assert (total, shares[-1].kind, shares[-1].count) == (load.lines, "left-out", 2)
    assert load.account.sentence.endswith(" + 2 left out as you asked")


def test_rules_are_told_apart_from_blank_lines() -> None:
    ruled = Note.of(NoteKind.BLANK_ROWS, unit="line", count=8, spans=[], rules=5, rule_spans=[])
    load = replace(LOAD, notes=(ruled,))
    assert " + 3 blank + 5 rules (----)" in load.account.sentence
    shares, total = account(load)
    assert [(share.label, share.count) for share in shares][4:] == [("blank", 3), ("below table", 1), ("rules", 5)]
    assert sum(share.count for share in shares) == total


def test_nothing_is_claimed_of_a_table_that_is_still_being_read() -> None:
    assert replace(LOAD, lines=None).account.sentence == ""


def test_three_rejects_among_a_million_rows_are_seen_in_the_bar() -> None:
    shares, _ = account(LOAD)
    [rejected] = [share for share in shares if share.kind == "rejected"]
    assert rejected.width > 0.5
    assert sum(share.width for share in shares) == pytest.approx(100, abs=0.01)


def test_empty_table_has_an_empty_bar() -> None:
    shares, total = account(replace(LOAD, loaded=0, rejected=0, blank=0, preamble=0, header=0, blank_above=0, footer=0))
    assert total == 0
    assert all(share.width == 0 for share in shares)


def test_facts_say_how_the_table_is_written() -> None:
    assert facts_of(LOAD) == (
        "CSV",
        "utf-8",
        "semicolon-separated",
        "header in line 4",
        "0 columns",
        "loaded in 1.50 s",
    )
    assert "no header" in facts_of(replace(LOAD, header_row=None))


@pytest.mark.parametrize(
    ("note", "fact"),
    [
        (Note.of(NoteKind.FIXED_COLUMNS, columns=3, rules=0), "columns of fixed width"),
        (Note.of(NoteKind.RULED_COLUMNS, rules=1, delimiter=None), "columns of fixed width"),
        (Note.of(NoteKind.RULED_COLUMNS, rules=1, delimiter=";"), "semicolon-separated"),
        (Note.of(NoteKind.COMMENT_LINES, mark="#", is_named=False, is_spaced=True), "space-separated"),
        (Note.of(NoteKind.COMMENT_LINES, mark="#", is_named=False, is_spaced=False), "semicolon-separated"),
        (Note.of(NoteKind.LONG_DELIMITER, delimiter="::"), "::-separated"),
        (Note.of(NoteKind.MIXED_BLANKS), "header in line 4"),
        (Note.of(NoteKind.PROGRAM_FORM, program="exposition"), "header in line 4"),
    ],
)
def test_facts_name_no_delimiter_that_does_not_stand_in_the_file(note: Note, fact: str) -> None:
    assert facts_of(replace(LOAD, notes=(note,)))[2] == fact


@pytest.mark.parametrize(
    ("ranges", "more", "where"),
    [
        (((4, 19), (88, 88)), 0, "lines 4 to 19, 88"),
        (((7, 7),), 0, "line 7"),
        (((1_000, 2_000),), 0, "lines 1,000 to 2,000"),
        (((1, 1), (3, 3)), 5, "lines 1, 3 and 5 more places"),
    ],
)
def test_ranges_are_read_as_a_sentence(ranges: tuple[tuple[int, int], ...], more: int, where: str) -> None:
    group = RejectGroup(
        code="bad_value", column="price", reason="is not a number", example="", count=1, ranges=ranges, more_ranges=more
    )
    assert fault_of(group, "lines", MendCounts()).where == where


def test_what_some_spreadsheets_take_for_a_formula_too_is_none() -> None:
    for text in ("\n=1", "＝1+1", "＋1", "－1+1", "＠SUM(1)"):
        assert safe_cell(text) == f"'{text}"
    for text in (" =1", "1＝1", "a\n=1"):
        assert safe_cell(text) == text


def test_plain_number_is_no_formula() -> None:
    assert [safe_cell(text) for text in ("-5", "=5", "+1.5", "-", "@x", "")] == ["-5", "'=5", "+1.5", "'-", "'@x", ""]


@pytest.mark.parametrize(
    ("delimiter", "fact"),
    [("\x14", "control code-separated"), ("\t", "tab-separated"), ("~", "~-separated")],
)
def test_a_delimiter_that_nobody_can_see_is_named(delimiter: str, fact: str) -> None:
    assert fact in facts_of(replace(LOAD, delimiter=delimiter))


def test_tables_of_one_dataset_say_once_that_its_name_is_cut() -> None:
    loads = [
        replace(LOAD, load_id=number, rejected=0, dataset=place, place_cut_from=f"{place} long")
        for number, place in enumerate(("a", "a", "b"), start=1)
    ]
    assert [bool(table_of(load, among=loads).place_cut) for load in loads] == [True, False, True]
