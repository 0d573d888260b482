"""``manage.py compare_files``: what a person reads and what a script does."""

import json

import pytest

from tests.integration.comparison.test_compare import NEW, OLD, load
from tests.integration.conftest import Pipeline
from tests.integration.management.test_commands import refused, run


@pytest.fixture
def files(pipeline: Pipeline) -> tuple[int, int]:
    return load(pipeline, OLD, "march.csv"), load(pipeline, NEW, "april.csv")


def test_json_is_that_of_the_contract(files: tuple[int, int]) -> None:
    found = json.loads(run("compare_files", *files, "--key", "code", "--json"))
    assert {name: found[name] for name in ("new", "changed", "gone", "equal", "columns")} == {
        "new": 1,
        "changed": 2,
        "gone": 1,
        "equal": 1,
        "columns": {"added": ["stock"], "missing": ["day"], "retyped": []},
    }
    assert found["key"] == ["code"]
    [table] = found["tables"]
    assert table["examples"]["changed"][0]["changes"] == {"name": {"old": None, "new": "Cherry"}}


def test_person_reads_the_figures_first(files: tuple[int, int]) -> None:
    old, new = files
    lines = run("compare_files", old, new, "--key", "code").splitlines()
    assert lines[:8] == [
        f"march.csv (file {old}) → april.csv (file {new})",
        "  1 new",
        "  2 changed",
        "  1 gone",
        "  1 the same",
        "Rows are told apart by “code”.",
        "1 new column: “stock”.",
        "1 column is missing: “day”.",
    ]
    assert "  code C: name blank → Cherry (row 2, was 4)" in lines
    assert "  code B, name Bean, price 2.50, day 2024-01-02 (row 3)" in lines
    assert "  price: sum 10.50 → 17.25" in lines


def test_without_a_key_it_says_what_that_means(files: tuple[int, int]) -> None:
    told = run("compare_files", *files, "--no-figures")
    assert "3 new" in told
    assert "changed counts as one gone and one new" in told
    assert "figures:" not in told


def test_refusals_have_the_statuses_of_the_contract(files: tuple[int, int]) -> None:
    for arguments, status, words in (
        ((files[0], files[0]), 1, "with itself"),
        ((files[0], 4_711), 1, "There is no file 4711"),
        ((*files, "--key", "day"), 1, "Both have: price, name, code."),
        ((*files, "--key", "code,"), 2, "names no columns"),
    ):
        out, _, error = refused("compare_files", *arguments)
        assert (out, error.returncode) == ("", status)
        assert words in str(error)
