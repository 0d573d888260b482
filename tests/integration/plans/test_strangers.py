"""A file waits for a dataset of somebody else only where names, types and values say that it is of it."""

import pytest

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.services.joining.columns import plans_of
from uploads.states import FileState

PEOPLE = "id;first_name;last_name\n1;Ann;Smith\n2;Bob;Jones\n3;Cy;Young\n"
PRICES = "code;gross_price;valid_from\nA1;10;2024-01-01\nB2;20;2024-01-31\n"
NETS = "sku;article;net\nS1;pen;10\nS2;cup;20\n"


@pytest.mark.parametrize(
    ("dataset", "text", "waits"),
    [
        # one name equal, two alike
        (PEOPLE, "id;first_game;last_game\n1;Chess;Go\n2;Poker;Whist\n", False),  # other words
        (PEOPLE, "id;first_date;last_date\n1;2024-01-01;2024-02-01\n2;2024-01-03;2024-02-07\n", False),  # other types
        (PEOPLE, "id;first_names;last_names\n1;Ann;Smith\n2;Bob;Jones\n4;Di;Zola\n", True),  # the same people
        (PEOPLE, "id;first_names;last_games\n1;Ann;Go\n2;Bob;Whist\n", True),  # one of them is enough for most
        (PRICES, "code;gross_prise;valid_form\nC3;30;2024-02-03\n", True),  # the next month
        (PRICES, "code;gross_prise;valid_form\nC3;3000;2031-02-03\n", False),  # other figures, other years
        # two of three are equal: names are enough, beside a new column too
        (PEOPLE, "id;first_name;last_game;town\n7;Eve;Whist;Rome\n", True),
        (PRICES, "code;valid_from;gross_prise\nC3;2031-02-03;3000\n", True),
        # a name of three letters with one letter more, beside a new column; and another one of three letters
        (NETS, "sku;article;nett;currency\nS1;pen;11;EUR\nS2;cup;21;EUR\n", True),
        (NETS, "sku;article;nut;currency\nS1;pen;11;EUR\nS2;cup;21;EUR\n", False),
        # no name is equal: no dataset is looked at
        (PEOPLE, "idno;first_names;last_names\n1;Ann;Smith\n2;Bob;Jones\n", False),
    ],
)
def test_names_that_are_only_alike_need_types_and_values(
    pipeline: Pipeline, dataset: str, text: str, waits: bool
) -> None:
    pipeline.load(dataset, "first.csv")
    file = pipeline.load(text, "other.csv")
    assert (file.state is FileState.LOADED) is waits
    assert bool(plans_of(file_id=file.file_id)) is waits
    assert Dataset.objects.filter(established_at__isnull=False).count() == 2 - waits


def test_who_names_the_dataset_is_asked_however_little_the_values_say(pipeline: Pipeline) -> None:
    pipeline.load(PEOPLE, "people.csv")
    file = pipeline.load("id;first_game;last_game\n1;Chess;Go\n2;Poker;Whist\n", "games.csv", dataset="people")
    assert file.state is FileState.LOADED
    [table] = plans_of(file_id=file.file_id)
    assert [column.column for column in table.plan.undecided] == ["first_name", "last_name"]
