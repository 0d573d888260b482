"""Headers, borders of tables and notes of texts."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "text/series_begins_blank.csv": Case(tables=(Table(header_row=1, loaded=8),)),
}
