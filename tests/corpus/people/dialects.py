"""How texts are written: delimiters, quotes, ends of lines and of rows."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "text/05_tsv_commas_in_every_cell.tsv": Case(
        tables=(Table(delimiter="\t"),), missing="a tab is not preferred by the name of the file"
    ),
}
