"""Which columns tell something when rows are grouped by them."""

from uploads.services.aggregating.sketches import of_sample


def test_column_of_which_nearly_all_is_one_value_or_blank_is_not_even() -> None:
    assert of_sample(["total"] * 9 + ["small"]).is_even
    assert not of_sample(["total"] * 19 + ["small"]).is_even
    assert not of_sample([None] * 19 + ["small"]).is_even
    assert of_sample([]).is_even


def test_values_of_as_many_rows_each_are_a_design_and_few_rows_are_chance() -> None:
    assert of_sample(["total", *"abc"] * 5 + ["total"] * 20).is_designed
    assert not of_sample([*"abc"]).is_designed
    assert not of_sample(["a"] * 5 + ["b"] * 6 + ["c"] * 7).is_designed


def test_names_are_values_of_one_row_each() -> None:
    assert of_sample(range(100)).is_name
    assert not of_sample(range(100)).repeats
    assert of_sample([*range(10)] * 3).repeats
