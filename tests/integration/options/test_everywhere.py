"""One table of reading options, and every way in has all of them, under the same names and in the same words."""

import ast
import html
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.test import Client

from tests.own_commands import own_command
from uploads.api.reading_options import OPTION_PROPERTIES, ReadAgain, ReadingOptions
from uploads.services.options.catalogue import OF_COLUMNS, OF_DATASETS, OPTIONS, option_words, parse_option
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ReadOptions
from uploads.web.forms.options_form import ReadingForm
from uploads.web.sentences.options import page_options

OF_FILES = set(OPTIONS)
KNOW_IT_BY_NAME = {
    "admin/loads.py": ({"delimiter", "encoding"}, "fields of a load that bear the same names"),
    "admin/words.py": ({"encoding"}, "the same"),
    "web/sentences/receipts.py": ({"quote"}, "a figure of a note that bears the same name"),
    "services/datasets/establishment.py": ({"null_words"}, "a field of the dataset: its words hold for all files"),
    "services/loading/placement.py": ({"null_words"}, "the dataset's own words go before those of a file"),
    "services/columns/apply.py": ({"null_words"}, "the same field, changed with the columns"),
    "management/datasets/management/commands/null_words.py": ({"null_words"}, "the command that changes that field"),
    "services/columns/change.py": (
        {"null_words", "decimal", "day_first", "first_year"},
        "what may be said with a new type",
    ),
    "services/columns/suggested.py": ({"null_words", "decimal", "day_first", "first_year"}, "the same, suggested"),
    "api/columns.py": ({"null_words", "decimal", "day_first", "first_year"}, "the same"),
    "views/columns.py": ({"null_words", "decimal", "day_first", "first_year"}, "the same"),
    "web/offers/columns.py": ({"null_words", "decimal", "day_first", "first_year"}, "the same"),
    "management/datasets/management/commands/change_column.py": ({"decimal", "day_first", "first_year"}, "the same"),
    "services/columns/rows_in_doubt.py": (
        {"skip_rows", "skip_words", "null_words"},
        "a total is offered to be left out, and not as a null word",
    ),
    "services/columns/rows_summed.py": ({"skip_words"}, "the same of a subtotal"),
    "services/options/wording.py": (
        {"decimal", "first_year", "uneven_rows", "one_table"},
        "what was decided for one, as a table shows it",
    ),
    "services/visibility.py": ({"first_year"}, "a field of a column's format: which years its values are of"),
    "management/column_offers.py": (
        {"null_words", "decimal", "day_first", "first_year"},
        "a suggestion's fields, as the commands take them",
    ),
    "services/exporting/package.py": ({"delimiter", "encoding"}, "what a data package calls its own CSV's"),
    "services/files/load_receipt.py": ({"delimiter"}, "a figure of a note: what cuts lines into any number of cells"),
    "services/source_lines/around.py": ({"encoding"}, "a figure of a note: what some lines are written in"),
    "web/offers/readings.py": (
        {"one_table", "fill_down", "header_row", "visible_only", "delimiter", "uneven_rows"},
        "offered to be read again by one click, where the file has what they are about",
    ),
    "services/loading/table.py": ({"one_table"}, "a note says that rows were left out although it was said before"),
}
"""Modules that have to do with one option, and why; none of them is touched for another one."""
DECLARATIONS = tuple(f"services/options/{name}.py" for name in ("catalogue", "on_sheets", "on_values"))
READS_FILES = "tabular"
UPLOADS = Path(__file__).resolve().parents[3] / "uploads"


def test_every_option_is_an_argument_of_the_reader() -> None:
    assert set(OPTIONS) <= {field.name for field in fields(ReadOptions)}
    assert [name for name, option in OPTIONS.items() if option.name != name] == []


@pytest.mark.parametrize(
    ("name", "options"),
    [("load_file", OF_FILES), ("read_again", OF_FILES), ("dataset_reading", set(OF_DATASETS))],
)
def test_commands_take_each_option_and_explain_it_in_its_words(name: str, options: set[str]) -> None:
    parser = own_command(name).create_parser("manage.py", name)
    actions = {action.dest: action for action in parser._actions}
    assert options <= actions.keys()
    for option in map(OPTIONS.__getitem__, options):
        words = option.flags[-1].help if option.flags else option.help.rstrip(".")[1:]
        assert words in str(actions[option.name].help)


def test_api_takes_each_option_in_forms_and_as_json_and_explains_it_in_its_words() -> None:
    assert list(OPTION_PROPERTIES) == list(OPTIONS)
    assert set(ReadingOptions.model_fields) == set(OF_DATASETS)
    assert set(ReadAgain.model_fields) == {*OPTIONS, "dataset"}
    for name, option in OPTIONS.items():
        assert OPTION_PROPERTIES[name]["description"] == ReadAgain.model_fields[name].description == option.help


@pytest.mark.django_db
def test_upload_page_asks_for_each_option_with_its_label_hint_and_choices(client: Client) -> None:
    page = html.unescape(client.get("/").text)
    for option in OPTIONS.values():
        assert f'name="{option.name}"' in page
        assert f">{option.label}</label>" in page
        assert option.hint in page
        assert [
            words for value, words in option.choices if f'<option value="{value}">{words}</option>' not in page
        ] == []


@pytest.mark.django_db
def test_upload_page_checks_and_suggests_as_the_option_says(client: Client) -> None:
    page = client.get("/").text
    patterns = {option.pattern for option in OPTIONS.values() if option.pattern}
    assert patterns
    assert [pattern for pattern in patterns if f' pattern="{pattern}"' not in page] == []
    suggested = [(option.name, word) for option in OPTIONS.values() for word in option.suggestions]
    assert suggested
    assert [word for _, word in suggested if f'<option value="{word}">' not in page] == []
    assert [name for name, _ in suggested if f' list="{name}-names"' not in page] == []


def test_upload_page_has_words_for_each_option_that_are_those_of_a_receipt() -> None:
    words = page_options(activates=True)
    assert list(words) == ["dataset", *OPTIONS, "activate"]
    assert words["header_row"]["any"].replace("{}", "3") == option_words("header_row", 3)
    assert words["header_row"]["values"] == {"none": option_words("header_row", "none")}
    joined = words["null_words"]["any"].replace("{}", words["null_words"]["between"].join(["NA", "-"]))
    assert joined == option_words("null_words", ["NA", "-"])
    chosen = {(name, value) for name, option in OPTIONS.items() for value, _ in option.choices}
    assert chosen
    for name, value in chosen:
        said = words[name]["values"].get(value) or words[name]["any"].replace("{}", value)
        assert said == option_words(name, parse_option(name, value))


def test_what_a_browser_checks_it_also_explains_and_the_server_checks_too() -> None:
    checked = {name: option for name, option in OPTIONS.items() if option.pattern}
    written = {"header_row", "data_row", "skip_rows", "skip_words", "table_rows", "null_words"}
    assert checked.keys() == {name for name, option in OPTIONS.items() if option.wrong} == written
    words = page_options(activates=True)
    for name, option in checked.items():
        assert words[name]["wrong_above"] == f"{option.label}: {option.wrong}."
    for name, good, bad in (
        ("header_row", "12", "0"),
        ("header_row", "None", "first"),
        ("data_row", "12", "0"),
        ("data_row", "3", "none"),
        ("skip_rows", "12, 40-45", "12, 40-"),
        ("skip_rows", "40 - 45;7", "40 to 45"),
        ("table_rows", "12, 40", "12, 1"),
        ("table_rows", "Sheet2!2;10", "2-5"),
        ("skip_words", "Total, Sum*", "x" * 41),
        ("null_words", "NA, " * 19 + "-", "NA, " * 20 + "-"),
        ("null_words", "x" * 40, "x" * 41),
    ):
        assert re.fullmatch(OPTIONS[name].pattern, good)
        assert not re.fullmatch(OPTIONS[name].pattern, bad)
        parse_option(name, good)
    with pytest.raises(UploaderError):
        parse_option("null_words", "x" * 41)


def named_in(path: Path) -> set[str]:
    words = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
    return {option for option in OPTIONS if option in words}


def test_no_other_module_knows_an_option_by_its_name() -> None:
    named = {
        str(path.relative_to(UPLOADS)): named_in(path)
        for path in UPLOADS.rglob("*.py")
        if path.relative_to(UPLOADS).parts[0] not in {READS_FILES, "migrations"}
    }
    assert set().union(*map(named.pop, DECLARATIONS)) == set(OPTIONS)
    assert {module: names for module, names in named.items() if names} == {
        module: names for module, (names, _) in KNOW_IT_BY_NAME.items()
    }


def test_hints_for_a_column_are_options_and_its_command_explains_them_in_their_words() -> None:
    parser = own_command("change_column").create_parser("manage.py", "change_column")
    actions = {action.dest: action for action in parser._actions}
    assert {"decimal", "day_first", "first_year"} == set(OF_COLUMNS) <= set(OPTIONS)
    for option in map(OPTIONS.__getitem__, OF_COLUMNS):
        assert actions[option.name].option_strings[-1] in {option.argument, *(flag.name for flag in option.flags)}
        words = option.flags[-1].help if option.flags else option.help.rstrip(".")[1:]
        assert words in str(actions[option.name].help)


def test_form_asks_for_each_option() -> None:
    form = ReadingForm(options={})
    assert list(form.fields) == list(OPTIONS)
    assert [field.label for field in form.fields.values()] == [option.label for option in OPTIONS.values()]
