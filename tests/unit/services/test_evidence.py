"""Values that support what two names of columns seem to say."""

import pytest

from uploads.services.plans.evidence import DAY, are_there, lie_near


@pytest.mark.parametrize(
    ("own", "theirs", "near"),
    [
        ([11, 33], [10, 20, 30], True),
        ([45, 49], [10, 20, 30], True),  # prices went up, by no more than they ever differed
        ([51, 60], [10, 20, 30], False),
        ([-30, 500], [10, 20, 30], False),
        ([11, 900], [10, 20, 30], True),  # half of them is enough
        ([1900], [10, 20, 30], False),
        ([19], [10], True),
        ([21], [10], False),
        ([], [10], False),
        ([10], [], False),
    ],
)
def test_numbers_lie_where_those_of_the_dataset_do_or_a_little_beyond(
    own: list[float], theirs: list[float], near: bool
) -> None:
    assert lie_near(own, theirs) is near


def test_the_next_day_is_near_a_dataset_of_one_day() -> None:
    assert lie_near([DAY], [0.0], least=DAY)
    assert not lie_near([3 * DAY], [0.0], least=DAY)


@pytest.mark.parametrize(
    ("own", "theirs", "there"),
    [
        ({"DE", "FR"}, {"DE", "FR", "IT"}, True),
        ({"DE", "FR", "ES", "PT"}, {"DE", "FR", "IT"}, True),
        ({"DE", "FR", "ES", "PT", "NO"}, {"DE", "FR", "IT"}, False),
        ({"DE", "US"}, {"DE", "FR"}, False),  # one word is in many a column
        ({"DE"}, {"DE", "FR"}, True),
        ({"DE"}, {"FR"}, False),
        (set(), {"DE"}, False),
    ],
)
def test_words_are_there_where_half_of_them_are(own: set[str], theirs: set[str], there: bool) -> None:
    assert are_there(own, theirs) is there
