"""Which columns of a file are which of a dataset, by names, types and values."""

import pytest

from uploads.services.plans.likeness import ALIKE, likeness, pairs
from uploads.services.plans.plan import Because, DatasetColumnFact


def fact(name: str, type_: str = "text") -> DatasetColumnFact:
    return DatasetColumnFact(name=name, label=name, type=type_)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("prise", "price"),
        ("nett", "net"),
        ("regoin", "region"),
        ("custommer", "customer"),
        ("first_name", "name_first"),
        ("adress", "address"),
    ],
)
def test_names_that_are_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sales_2023", "sales_2024"),
        ("qty", "qtr"),
        ("id", "ids"),
        ("amount", "account"),
        ("price", "region"),
        ("q1", "q2"),
    ],
)
def test_names_of_two_things(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


def test_the_same_name_goes_before_letters_and_these_before_likeness() -> None:
    found = pairs(
        [("unitprice", "bigint"), ("unit_price", "bigint"), ("custommer", "text")],
        [fact("unit_price", "bigint"), fact("customer")],
    )
    assert [(pair.own, pair.theirs, pair.because) for pair in found] == [
        ("unit_price", "unit_price", Because.SAME),
        ("custommer", "customer", Because.ALIKE),
    ]
    [letters] = pairs([("unitprice", "bigint")], [fact("unit_price", "bigint")])
    assert letters.because is Because.LETTERS


def test_a_type_speaks_against_a_name() -> None:
    assert pairs([("prise", "date")], [fact("price", "bigint")]) == []
    assert len(pairs([("prise", "numeric")], [fact("price", "bigint")])) == 1


def test_each_column_is_taken_once_by_the_most_alike() -> None:
    found = pairs([("prices", "bigint"), ("pricex", "bigint")], [fact("price", "bigint")])
    assert len(found) == 1


def test_values_speak_where_names_do_not() -> None:
    there = {"country": ["Chile", "Peru", "Oman", "Togo"]}
    [pair] = pairs(
        [("land", "text")], [fact("country")], own_values={"land": ["Chile", "Peru", "Oman"]}, their_values=there
    )
    assert pair.because is Because.VALUES
    assert pairs([("land", "text")], [fact("country")], own_values={"land": ["yes", "no"]}, their_values=there) == []


def test_tables_too_wide_to_compare_every_name_are_compared_by_name_alone() -> None:
    own = [(f"aaaa_{letter}bcd", "text") for letter in "efghijkl"]
    wide = [fact(f"column{'x' * number}") for number in range(1, 6_000)]
    assert pairs([*own, ("columnx", "text")], wide)[0].because is Because.SAME
