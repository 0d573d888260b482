"""Safe SQL names from any header cell, file name or sheet name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.names import NameChange, column_names, dataset_slug, header_key, is_slug_cut, name_changes

labels = st.lists(st.one_of(st.text(), st.sampled_from(["a", "A", "a_2", "", "ctid", "é" * 40])), max_size=20)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Area", "area"),
        ("Geo Count (2023)", "geo_count_2023"),
        ("  % of total ", "of_total"),
        ("2023", "c_2023"),
        ("_file", "file"),
        ("ctid", "ctid_"),
        ("", "column_1"),
        ("???", "column_1"),
        ("a\0b", "a_b"),
        ('x"; DROP TABLE --', "x_drop_table"),
        ("Größe", "größe"),
        ("ﬁeld²", "field2"),
        ("हिन्दी", "हिन्दी"),
        ("価格", "価格"),
        ("\ud800x", "x"),
        ("İstanbul", "i̇stanbul"),
    ],
)
def test_label_becomes_a_safe_name(label: str, name: str) -> None:
    assert column_names([label]) == (name,)


def test_names_that_collide_get_a_suffix_that_nobody_else_has() -> None:
    assert column_names(["a", "A", "a_2", " a "]) == ("a", "a_3", "a_2", "a_4")


def test_blank_labels_are_named_by_position() -> None:
    assert column_names(["a", "", "column 2", ""]) == ("a", "column_2", "column_2_2", "column_4")


def test_names_that_postgres_would_cut_to_one_stay_two() -> None:
    first, second = column_names(["x" * 63 + "a", "x" * 63 + "b"])
    assert first == "x" * 63
    assert second == "x" * 61 + "_2"


@given(labels)
def test_names_are_distinct_short_and_safe(given_labels: list[str]) -> None:
    names = column_names(given_labels)
    assert len(names) == len(set(names)) == len(given_labels)
    for name in names:
        assert 0 < len(name.encode()) <= 63
        assert name[0].isalpha()
        assert name not in {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"}
        assert "\0" not in name


@given(labels)
def test_a_name_is_its_own_name(given_labels: list[str]) -> None:
    names = column_names(given_labels)
    assert column_names(names) == names


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Sales 2023.csv.gz", "sales_2023"),
        ("bank.CSV", "bank"),
        ("folder/part.a.csv", "part_a"),
        ("2023.xlsx", "data_2023"),
        (".csv", "data"),
        ("", "data"),
        ("Übersicht", "übersicht"),
        ("x" * 80, "x" * 50),
    ],
)
def test_dataset_is_named_after_its_file_or_sheet(text: str, slug: str) -> None:
    assert dataset_slug(text) == slug


@given(st.text())
def test_slug_is_always_a_table_name(text: str) -> None:
    slug = dataset_slug(text)
    assert 0 < len(slug.encode()) <= 50
    assert slug[0].isalpha()


def test_header_key_ignores_order_and_letter_case() -> None:
    assert header_key(["Area", "year"]) == header_key(["YEAR", "area"])
    assert header_key(["Area", "year"]) != header_key(["Area"])
    assert len(header_key(["a"])) == 64


@pytest.mark.parametrize(
    ("label", "change"),
    [
        ("time[s]", NameChange.CHANGED),
        ("2024", NameChange.CHANGED),
        ("x" * 64, NameChange.CUT),
        ("ü" * 32, NameChange.CUT),
        ("x" * 63, None),
        ("Postal Code", None),
        (" area_km2 ", None),
        ("", None),
    ],
)
def test_name_that_is_cut_or_changed_is_told(label: str, change: NameChange | None) -> None:
    assert name_changes([label], column_names([label])) == (change,)


def test_second_name_of_two_that_are_alike_is_changed() -> None:
    labels = ["Area", "area"]
    assert name_changes(labels, column_names(labels)) == (None, NameChange.CHANGED)


def test_name_that_was_not_made_from_the_label_is_not_told() -> None:
    assert name_changes(["time[s]", "b"], ["seconds", ""]) == (None, None)


def test_dataset_name_is_cut_where_it_is_the_beginning_of_a_longer_one() -> None:
    long = "Sales of all shops in all the towns of the northern counties 2024"
    assert is_slug_cut(long, dataset_slug(long))
    assert not is_slug_cut(long, "sales")
    assert not is_slug_cut("Sales 2024", dataset_slug("Sales 2024"))
    assert is_slug_cut(f"2024 {long}", dataset_slug(f"2024 {long}"))
