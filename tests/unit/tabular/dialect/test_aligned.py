"""Columns that spaces align below sentences."""

from uploads.tabular.dialect.choice import choose_dialect

PROSE = (
    "Model run of the catchment, version two.\nAuthor: the hydrology group\n"
    "All values in SI units unless said otherwise below.\nPlease quote as: Group (report)\n"
)
ROWS = " day   flow  level\n" + "".join(f"{day:4}   3.{day % 10}0   1.1{day % 10}\n" for day in range(1, 13))


def test_sentences_set_apart_hide_no_columns() -> None:
    assert choose_dialect(PROSE + "\n" + ROWS).dialect.aligned


def test_sentences_alone_have_no_columns() -> None:
    assert not choose_dialect(PROSE + "\n" + PROSE).dialect.aligned
