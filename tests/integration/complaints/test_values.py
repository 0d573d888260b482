"""What users of other systems complain about: values that change on their way. One test for each complaint."""

from datetime import date
from decimal import Decimal

from tests.integration.conftest import Pipeline, rows
from uploads.services.files.receipts import FileReceipt
from uploads.states import FileState


def types_of(receipt: FileReceipt) -> dict[str, str]:
    [load] = receipt.loads
    return {column["name"]: column["type"] for column in load.columns}


def evidence_of(receipt: FileReceipt, name: str) -> str:
    [load] = receipt.loads
    return next(str(column["evidence"]) for column in load.columns if column["name"] == name)


def test_a_type_guessed_from_the_first_rows_fails_on_a_late_row(pipeline: Pipeline) -> None:
    """ckan/datapusher#48, #105; ckanext-xloader#276."""
    lines = "".join(f"{n};{n}\n" for n in range(120_000))
    receipt = pipeline.load(f"id;price\n{lines}120000;N/A\n")

    assert (receipt.state, receipt.rows_loaded, receipt.rows_rejected) == (FileState.ACTIVE, 120_001, 0)
    assert types_of(receipt) == {"id": "bigint", "price": "text"}
    assert 'line 120,002 holds "N/A"' in evidence_of(receipt, "price")
    assert rows("SELECT price FROM data.table WHERE id = 120000") == [("N/A",)]


def test_over_eager_guesses_make_1_0_a_boolean_an_empty_column_a_boolean_text_a_datetime(pipeline: Pipeline) -> None:
    """mathesar#2656, #2657; nocodb#3889."""
    receipt = pipeline.load("ratio;nothing;month;bit;version\n1.0;;May;1;1.10\n0.0;;March;0;1.9\n")

    assert types_of(receipt) == {
        "ratio": "numeric",
        "nothing": "text",
        "month": "text",
        "bit": "bigint",
        "version": "numeric",
    }
    assert rows("SELECT ratio::text, nothing, month, bit, version::text FROM data.table ORDER BY _row") == [
        ("1.0", None, "May", 1, "1.10"),
        ("0.0", None, "March", 0, "1.9"),
    ]


def test_leading_zeros_are_lost(pipeline: Pipeline) -> None:
    """supabase#12666; teable#1880; superset#21906."""
    receipt = pipeline.load("plz;phone;id\n01067;+6421555;12345678901234567890\n80331;+491;2\n")

    assert types_of(receipt) == {"plz": "text", "phone": "text", "id": "numeric"}
    assert rows("SELECT plz, phone, id::text FROM data.table ORDER BY _row") == [
        ("01067", "+6421555", "12345678901234567890"),
        ("80331", "+491", "2"),
    ]


def test_decimal_comma_and_thousands_marks_are_misread(pipeline: Pipeline) -> None:
    """metabase#45171, #61854: 18500.00 became 1850000."""
    receipt = pipeline.load("us;german;grouped;open\n18500.00;18.500,00;18,500;1.234\n1.50;0,5;1,000,000;2.345\n")

    assert types_of(receipt) == {"us": "numeric", "german": "numeric", "grouped": "bigint", "open": "text"}
    assert rows("SELECT us, german, grouped, open FROM data.table ORDER BY _row") == [
        (Decimal("18500.00"), Decimal("18500.00"), 18_500, "1.234"),
        (Decimal("1.50"), Decimal("0.5"), 1_000_000, "2.345"),
    ]


def test_day_and_month_are_swapped_when_the_day_is_at_most_12(pipeline: Pipeline) -> None:
    """nocodb#10584, #2785; metabase#36800."""
    clear = pipeline.load("sent\n03/04/2023\n25/12/2023\n", "clear.csv", dataset="clear")
    open_to_both = pipeline.load("made\n03/04/2023\n12/11/2023\n", "open.csv", dataset="open")
    told = pipeline.load("due\n03/04/2023\n12/11/2023\n", "told.csv", dataset="told", options={"day_first": False})

    assert rows("SELECT sent FROM data.clear ORDER BY _row") == [(date(2023, 4, 3),), (date(2023, 12, 25),)]
    assert types_of(open_to_both) == {"made": "text"}
    assert "day first and month first" in evidence_of(open_to_both, "made")
    assert rows("SELECT made FROM data.open ORDER BY _row") == [("03/04/2023",), ("12/11/2023",)]
    assert rows("SELECT due FROM data.told ORDER BY _row") == [(date(2023, 3, 4),), (date(2023, 12, 11),)]
    assert (types_of(clear), types_of(told)) == ({"sent": "date"}, {"due": "date"})


def test_encoding_guessed_from_a_sample_breaks_unless_the_first_rows_have_accents(pipeline: Pipeline) -> None:
    """ckanext-xloader#174, #194; superset#12916."""
    lines = "".join(f"{n};plain words and nothing else\n" for n in range(20_000))
    text = f"id;city\n{lines}20000;Köln – Düsseldorf\n20001;Besançon\n"
    late = pipeline.load(text.encode("cp1252"), "late.csv")
    utf8 = pipeline.load(text.encode(), "utf8.csv")

    assert (late.loads[0].encoding, utf8.loads[0].encoding) == ("cp1252", "utf-8")
    assert late.rows_rejected == utf8.rows_rejected == 0
    assert rows("SELECT DISTINCT city FROM data.late WHERE id >= 20000 ORDER BY city") == [
        ("Besançon",),
        ("Köln – Düsseldorf",),
    ]


def test_semicolon_files_are_read_as_one_column(pipeline: Pipeline) -> None:
    """ckan#7399: a comma inside the values counted more than the semicolons between them."""
    receipt = pipeline.load('name;place;price\n"Müller, Anna";Köln, am Rhein;1,50\nSchmidt;Bonn;2,75\n')

    assert receipt.loads[0].delimiter == ";"
    assert rows("SELECT name, place, price FROM data.table ORDER BY _row") == [
        ("Müller, Anna", "Köln, am Rhein", Decimal("1.50")),
        ("Schmidt", "Bonn", Decimal("2.75")),
    ]
