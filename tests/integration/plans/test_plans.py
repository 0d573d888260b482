"""A file whose columns are not quite those of a dataset waits with a plan, and joins as somebody says."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import ColumnsUndecided, StateConflict
from uploads.services.files.activation import ActionResult, activate_file, deactivate_file, delete_file, retry_file
from uploads.services.joining import columns
from uploads.services.joining.columns import ColumnAnswer, answer_columns, keep_answer, plans_of
from uploads.services.merging.modes import change_mode
from uploads.services.plans.plan import Because, Use
from uploads.states import FileState, Mode, Strictness
from uploads.tabular.errors import BadOption

FIRST = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
MISSPELT = "code;name;prise\nC3;Screw;30\n"
MORE = "code;name;price;currency\nC3;Screw;30;EUR\n"
LESS = "code;price\nC3;30\n"
SEEN = "SELECT code, name, price FROM data.prices ORDER BY code"
AS_PROPOSED = ColumnAnswer(dataset="", columns={})
ITS_OWN = ColumnAnswer(dataset=None, columns={})
Loader = Callable[..., UploadedFile]


@pytest.fixture
def load(pipeline: Pipeline) -> Loader:
    def run(text: str, name: str = "prices.csv", **wishes: object) -> UploadedFile:
        return UploadedFile.objects.get(pk=pipeline.load(text, name, **wishes).file_id)

    return run


def finish(pipeline: Pipeline, file: UploadedFile) -> UploadedFile:
    pipeline.finish(file.pk)
    file.refresh_from_db()
    return file


def test_a_misspelt_column_waits_and_is_used_as_proposed(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    assert file.state == FileState.LOADED
    [table] = plans_of(file_id=file.pk)
    [other] = table.plan.undecided
    assert (other.name, other.column, other.because, other.use) == ("prise", "price", Because.ALIKE, Use.COLUMN)
    assert rows(SEEN) == [("A1", "Bolt", 10), ("B2", "Nut", 20)]
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert rows(SEEN) == [("A1", "Bolt", 10), ("B2", "Nut", 20), ("C3", "Screw", 30)]
    assert Dataset.objects.count() == 1
    deactivate_file(file_id=file.pk)
    assert len(rows(SEEN)) == 2
    activate_file(file_id=file.pk)
    assert len(rows(SEEN)) == 3


def test_a_dataset_of_its_own_is_none_where_another_has_its_columns_by_now(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    other = load("code;name;prise\nD4;Washer;5\n", "april.csv", dataset="april")
    assert other.state == FileState.ACTIVE
    with pytest.raises(StateConflict, match="“april” has the same columns by now"):
        answer_columns(file_id=file.pk, answer=ITS_OWN)
    file.refresh_from_db()
    assert (file.state, file.column_answers) == (FileState.LOADED, {})
    assert rows("SELECT count(*) FROM data.april") == [(1,)]


def test_of_two_answers_at_one_moment_nobody_gets_the_other_as_his_own(
    load: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")

    def activate_late(**said: Any) -> ActionResult:
        keep_answer(file_id=file.pk, answer=ITS_OWN)  # somebody else, in another browser
        return activate_file(**said)

    with monkeypatch.context() as patch:
        patch.setattr(columns, "activate_file", activate_late)
        with pytest.raises(StateConflict, match="Somebody else has just said what becomes of the columns"):
            answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    file.refresh_from_db()
    assert file.state == FileState.LOADED
    answer_columns(file_id=file.pk, answer=ITS_OWN)
    assert Dataset.objects.filter(established_at__isnull=False).count() == 2
    with pytest.raises(StateConflict, match="active"):
        answer_columns(file_id=file.pk, answer=AS_PROPOSED)


def test_what_was_decided_is_remembered(load: Loader) -> None:
    load(FIRST)
    answer_columns(file_id=load(MISSPELT, "march.csv").pk, answer=AS_PROPOSED)
    april = load(
        "code;name;prise\nD4;Washer;n/a\nE5;Pin;50\n" + "".join(f"X{n};x;{n}\n" for n in range(60)), "april.csv"
    )
    assert april.state == FileState.ACTIVE
    assert april.rows_rejected == 1, "typed as the dataset is"
    assert rows("SELECT price FROM data.prices WHERE code = 'E5'") == [(50,)]


def test_nobody_activates_it_unasked(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    with pytest.raises(ColumnsUndecided, match=r"2 of 3 columns of “march\.csv” are"):
        activate_file(file_id=file.pk)
    assert UploadedFile.objects.get(pk=file.pk).state == FileState.LOADED


def test_a_new_column_is_empty_in_older_files(load: Loader) -> None:
    first = load(FIRST)
    off = load("code;name;price\nZ9;Old;1\n")
    deactivate_file(file_id=off.pk)
    file = load(MORE, "march.csv")
    assert file.state == FileState.LOADED
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    seen = "SELECT code, currency FROM data.prices ORDER BY code"
    assert rows(seen) == [("A1", None), ("B2", None), ("C3", "EUR")]
    activate_file(file_id=off.pk)
    assert rows(seen)[-1] == ("Z9", None)
    again = load("code;name;price\nA1;Bolt;11\n")
    assert again.state == FileState.ACTIVE, "files may come without it from now on"
    retry = deactivate_file(file_id=first.pk)
    assert retry.rows == 2
    labels = list(Dataset.objects.get().columns.values_list("label", "optional"))
    assert labels == [("code", False), ("name", False), ("price", False), ("currency", True)]


def test_a_column_is_left_out(load: Loader) -> None:
    load(FIRST)
    file = load(MORE, "march.csv")
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="", columns={"currency": ""}))
    assert rows(SEEN)[-1] == ("C3", "Screw", 30)
    assert [column["name"] for column in Load.objects.get(file=file).kept_columns] == ["code", "name", "price"]
    assert load(MORE.replace("EUR", "USD"), "april.csv").state == FileState.ACTIVE


def test_a_missing_column_stays_empty(load: Loader) -> None:
    load(FIRST)
    file = load(LESS, "march.csv")
    [table] = plans_of(file_id=file.pk)
    assert [column.name for column in table.plan.undecided_missing] == ["name"]
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert rows(SEEN)[-1] == ("C3", None, 30)
    assert Load.objects.get(file=file).columns_missing == ["name"]
    assert load("price;code\n40;D4\n").state == FileState.ACTIVE


def test_columns_may_change_places(load: Loader) -> None:
    load("code;buys;sells\nA1;1;2\n", "rates.csv")
    file = load("code;buys;sell\nB2;3;4\n", "march.csv")
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="", columns={"buys": "sells", "sell": "buys"}))
    assert rows("SELECT code, buys, sells FROM data.rates ORDER BY code") == [("A1", 1, 2), ("B2", 4, 3)]


def test_it_may_become_a_dataset_of_its_own(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    answer_columns(file_id=file.pk, answer=ITS_OWN)
    assert rows("SELECT prise FROM data.march") == [(30,)]
    assert load(MISSPELT.replace("C3", "D4"), "april.csv").state == FileState.ACTIVE
    assert len(rows("SELECT prise FROM data.march")) == 2


def test_other_types_are_read_again_with_those_of_the_dataset(pipeline: Pipeline, load: Loader) -> None:
    load(FIRST)
    file = load("code;name;prise\n" + "".join(f"C{n};x;{n}\n" for n in range(60)) + "D4;Screw;soon\n", "march.csv")
    done = answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert done is not None
    assert done.fitting
    file = finish(pipeline, file)
    assert (file.state, file.rows_rejected) == (FileState.LOADED, 1), "its rejected row is to be seen first"
    activate_file(file_id=file.pk)
    assert rows("SELECT count(*), sum(price) FROM data.prices") == [(62, 1800)]


def test_a_dataset_that_grows_takes_new_columns_by_itself(load: Loader) -> None:
    load(FIRST)
    Dataset.objects.update(strictness=Strictness.GROW)
    assert load(MORE, "march.csv").state == FileState.ACTIVE
    assert load(LESS.replace("C3", "D4"), "april.csv").state == FileState.ACTIVE
    assert load(MISSPELT, "may.csv").state == FileState.LOADED, "of a name that is only alike somebody is asked"
    assert rows("SELECT code, name, price, currency FROM data.prices ORDER BY code") == [
        ("A1", "Bolt", 10, None),
        ("B2", "Nut", 20, None),
        ("C3", "Screw", 30, "EUR"),
        ("D4", None, 30, None),
    ]


def test_an_exact_dataset_takes_no_others(load: Loader) -> None:
    load(FIRST)
    Dataset.objects.update(strictness=Strictness.EXACT)
    file = load(MORE, "march.csv")
    assert file.state == FileState.LOADED
    with pytest.raises(BadOption, match="only files with exactly its columns"):
        answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert load(MORE, "april.csv", dataset="prices").error_code == "column_mismatch"
    answer_columns(file_id=file.pk, answer=ITS_OWN)
    assert rows("SELECT currency FROM data.march") == [("EUR",)]


def test_a_named_dataset_is_asked_too(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv", dataset="prices")
    assert file.state == FileState.LOADED
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert len(rows(SEEN)) == 3
    assert load("a;b\n1;2\n", "other.csv", dataset="prices").error_code == "column_mismatch"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"prise": "name", "name": "name"}, "is named twice"),
        ({"prise": "cost"}, "has no column “cost”"),
        ({"cost": "price"}, "The file has no column “cost”"),
    ],
)
def test_what_cannot_be_is_refused(load: Loader, columns: dict[str, str], words: str) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    with pytest.raises(BadOption, match=words):
        answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="", columns=columns))
    assert UploadedFile.objects.get(pk=file.pk).column_answers == {}


def test_a_plan_answered_twice(load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT, "march.csv")
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    with pytest.raises(StateConflict):
        answer_columns(file_id=file.pk, answer=ITS_OWN)
    assert len(rows(SEEN)) == 3


def test_a_mapped_file_merges_by_key(load: Loader) -> None:
    load(FIRST)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = load("Code;name;prise\nB2;Nut;21\nC3;Screw;30\n", "march.csv")
    assert file.state == FileState.LOADED
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    assert rows(SEEN) == [("A1", "Bolt", 10), ("B2", "Nut", 21), ("C3", "Screw", 30)]
    answer_columns(file_id=load("code;name;price;currency\nA1;Bolt;12;EUR\n", "may.csv").pk, answer=AS_PROPOSED)
    assert rows("SELECT code, price, currency FROM data.prices ORDER BY code") == [
        ("A1", 12, "EUR"),
        ("B2", 21, None),
        ("C3", 30, None),
    ]
    deactivate_file(file_id=file.pk)
    assert rows("SELECT code, price FROM data.prices ORDER BY code") == [("A1", 12), ("B2", 20)]


def test_without_its_key_a_file_cannot_join(load: Loader) -> None:
    load(FIRST)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = load("name;price\nNut;21\n", "march.csv")
    assert file.state == FileState.LOADED
    with pytest.raises(BadOption, match="tells rows apart by “code”"):
        answer_columns(file_id=file.pk, answer=AS_PROPOSED)


def test_loaded_again_it_joins_as_before(pipeline: Pipeline, load: Loader) -> None:
    load(FIRST)
    file = load(MISSPELT.replace("prise", "prise;currency").replace("30", "30;EUR"), "march.csv")
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    deactivate_file(file_id=file.pk)
    retry_file(file_id=file.pk)
    assert finish(pipeline, file).state == FileState.ACTIVE
    assert rows("SELECT code, price, currency FROM data.prices WHERE code = 'C3'") == [("C3", 30, "EUR")]
    delete_file(file_id=file.pk)
    assert len(rows(SEEN)) == 2


def test_the_only_file_that_is_left_keeps_its_dataset(pipeline: Pipeline, load: Loader) -> None:
    first = load(FIRST)
    file = load(MISSPELT, "march.csv")
    answer_columns(file_id=file.pk, answer=AS_PROPOSED)
    delete_file(file_id=first.pk)
    deactivate_file(file_id=file.pk)
    retry_file(file_id=file.pk)
    assert finish(pipeline, file).state == FileState.ACTIVE
    assert rows(SEEN) == [("C3", "Screw", 30)]


def test_the_plan_is_that_of_the_moment(load: Loader) -> None:
    """Of two files that wait, the first founds the dataset, and the second is asked only then."""
    first, second = load(FIRST, activate=False), load(MISSPELT, "march.csv", activate=False)
    assert plans_of(file_id=second.pk) == ()
    activate_file(file_id=first.pk)
    assert len(plans_of(file_id=second.pk)) == 1


def test_a_table_of_other_things_is_none_of_it(load: Loader) -> None:
    load(FIRST)
    assert load("code;weight;height\nA1;2;3\n", "sizes.csv").state == FileState.ACTIVE
    assert load("code;name;price;a;b;c;d\nA1;Bolt;1;2;3;4;5\n", "wide.csv").state == FileState.ACTIVE
