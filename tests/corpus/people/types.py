"""Values that people want as numbers, dates or booleans."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "text/14_one_bad_number.csv": Case(tables=(Table(header_row=1),)),
}
