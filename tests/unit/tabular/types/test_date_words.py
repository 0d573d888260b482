"""Date patterns as people read them."""

import pytest

from uploads.tabular.types.dates.words import in_words


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("%d/%m/%Y", "DD/MM/YYYY"),
        ("%-d-%b-%y", "D-Mon-YY"),
        ("%Y-%m-%dT%H:%M:%S.%3fZ", "YYYY-MM-DDThh:mm:ss.fffZ"),
        ("%Y-%m-%d %-I:%M %p", "YYYY-MM-DD h:mm AM/PM"),
        ("%Y-%m-%d %H:%M:%S%-f", "YYYY-MM-DD hh:mm:ss[.f]"),
    ],
)
def test_pattern_is_shown_in_letters_that_people_know(pattern: str, words: str) -> None:
    assert in_words(pattern) == words
