"""Values and names that could silently mean something else: encodings, centuries, names in zips."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "archives/65h_cp850_name.zip": Case(tables=(Table(header_row=1),)),
}
