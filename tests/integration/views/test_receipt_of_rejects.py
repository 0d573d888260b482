"""The receipt of a table of which every row was rejected claims nothing of what was loaded."""

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "says", "says_not"),
    [
        (
            'foo,bar,baz\n1,"I forgot to close this one,3\n',
            ("text, because no row was loaded.", "read in "),
            ("because the column is empty", "loaded in "),
        ),
        (
            "foo,bar\n1,\n2,\n",
            ("text, because the column is empty.", "loaded in "),
            ("because no row was loaded", "<span>read in "),
        ),
    ],
)
def test_columns_are_called_empty_only_where_rows_were_loaded(
    pipeline: Pipeline, text: str, says: tuple[str, ...], says_not: tuple[str, ...]
) -> None:
    receipt = pipeline.load(text, "a.csv")
    page = Client().get(f"/receipts/{receipt.token}/").text
    assert [words for words in says if words not in page] == []
    assert [words for words in says_not if words in page] == []
