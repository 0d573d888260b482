"""A file that has never been active binds nobody; at its activation it joins, is fitted, or becomes a dataset."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.files.test_activation import in_threads
from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.browsing import list_datasets
from uploads.services.errors import DatasetNotFound
from uploads.services.files import activation
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.files.transitions import HAS_DRAFTS
from uploads.services.loading.attempt import LoadHooks, load_file
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import ANYBODY, OPERATOR, Viewer, columns_seen, find_dataset
from uploads.states import FileState, Phase
from uploads.tabular.errors import BadOption, ColumnMismatch

ANNA = Sender(visitor="anna")
BEN = Sender(visitor="ben")
LANDS = "code;land\nNA;Namibia\nDE;Germany\n"


def pending(
    pipeline: Pipeline, text: str, name: str = "table.csv", sender: Sender = ANNA, **wishes: Any
) -> FileReceipt:
    """A visitor's file, which waits for staff."""
    return pipeline.load(text, name, uploader=sender, activate=None, **wishes)


def types(slug: str) -> dict[str, str]:
    columns = Dataset.objects.get(slug=slug, established_at__isnull=False).columns
    return dict(columns.values_list("name", "type"))


class TestPending:
    def test_null_words_of_a_pending_file_empty_no_cell_of_another(self, pipeline: Pipeline) -> None:
        pending(pipeline, LANDS, options={"null_words": "NA"})
        pipeline.load(LANDS)
        assert rows("SELECT code FROM data.table ORDER BY _row") == [("NA",), ("DE",)]

    def test_whole_numbers_of_a_pending_file_reject_no_row_of_another(self, pipeline: Pipeline) -> None:
        pending(pipeline, "part;price\n" + "1;2\n" * 200)
        receipt = pipeline.load("part;price\n" + "A-1;1.75\n" * 200)
        assert (receipt.state, receipt.rows_loaded) == (FileState.ACTIVE, 200)
        assert types("table") == {"part": "text", "price": "numeric"}

    def test_text_of_a_pending_file_makes_no_number_text(self, pipeline: Pipeline) -> None:
        pending(pipeline, "a;b\nx;y\n")
        pending(pipeline, "a;b\nx;y\n", sender=BEN)
        pipeline.load("a;b\n1;2\n")
        assert types("table") == {"a": "bigint", "b": "bigint"}

    def test_strangers_do_not_type_each_others_files(self, pipeline: Pipeline) -> None:
        pending(pipeline, "a;b\n1;2\n")
        theirs = pending(pipeline, "a;b\nx;y\n", sender=BEN)
        assert (theirs.state, theirs.rows_loaded) == (FileState.LOADED, 1)

    def test_wanted_name_of_a_pending_file_is_free(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "x;y\n1;2\n", dataset="sales_2027")
        receipt = pipeline.load("a;b\n1;2\n", dataset="sales_2027")
        assert receipt.state is FileState.ACTIVE
        with pytest.raises(ColumnMismatch, match="are not those of the dataset “sales_2027”"):
            activate_file(file_id=mine.file_id)
        assert describe_file(file_id=mine.file_id).state is FileState.LOADED

    def test_file_that_names_its_dataset_has_tables_of_one_header(self, pipeline: Pipeline) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as members:
            members.writestr("one.csv", "a;b\n1;2\n")
            members.writestr("two.csv", "c;d\n1;2\n")
        failed = pipeline.load(archive.getvalue(), "both.zip", dataset="wanted")
        assert failed.error is not None
        assert failed.error["code"] == "column_mismatch"
        assert "“two.csv”" in failed.error["message"]
        assert not Dataset.objects.exists()
        assert data_tables() == set()

    def test_receipt_says_what_a_pending_file_is_to_become(self, pipeline: Pipeline) -> None:
        [load] = pending(pipeline, "a;b\n1;2\n", "prices.csv").loads
        assert (load.dataset, load.table, load.is_draft) == ("prices", "data.prices", True)
        assert {name for name in data_tables() if not name.startswith("_file_")} == set()
        assert list_datasets() == ()


class TestActivation:
    def test_first_file_makes_the_dataset(self, pipeline: Pipeline) -> None:
        file = pending(pipeline, "a;b\n1;2\n", "prices.csv")
        done = activate_file(file_id=file.file_id)
        assert (done.datasets, done.fitting) == (("prices",), "")
        assert rows("SELECT a, b FROM data.prices") == [(1, 2)]
        assert not describe_file(file_id=file.file_id).loads[0].is_draft

    def test_draft_that_came_to_be_in_the_last_moment_is_seen(
        self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whether there are some is looked up before the lock on them is waited for."""
        file = pending(pipeline, "a;b\n1;2\n", "prices.csv")
        look = activation._file

        def too_early(file_id: int) -> UploadedFile:
            found = look(file_id)
            setattr(found, HAS_DRAFTS, False)
            return found

        monkeypatch.setattr(activation, "_file", too_early)
        assert activate_file(file_id=file.file_id).datasets == ("prices",)
        assert rows("SELECT a, b FROM data.prices") == [(1, 2)]

    def test_file_of_the_same_types_joins_at_once(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "b;a\n3;4\n", "mine.csv")
        pipeline.load("a;b\n1;2\n", "prices.csv")
        assert activate_file(file_id=mine.file_id).datasets == ("prices",)
        assert rows("SELECT a, b FROM data.prices ORDER BY a") == [(1, 2), (4, 3)]
        assert Dataset.objects.count() == 1

    def test_file_of_other_types_is_fitted_and_active_where_no_row_is_lost(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "a;b\n3;4\n", "mine.csv")
        pipeline.load("a;b\nx;2\n", "prices.csv")
        done = activate_file(file_id=mine.file_id)
        assert "“a” is bigint, there text" in done.fitting
        assert describe_file(file_id=mine.file_id).state is FileState.WAITING
        assert pipeline.finish(mine.file_id).state is FileState.ACTIVE
        assert rows("SELECT a, b FROM data.prices ORDER BY a") == [("3", 4), ("x", 2)]

    def test_rows_that_would_be_rejected_are_counted_before_they_are_left_out(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "a;b\nx;4\n5;6\n", "mine.csv")
        pipeline.load("a;b\n1;2\n", "prices.csv")
        assert activate_file(file_id=mine.file_id).fitting
        fitted = pipeline.finish(mine.file_id)
        assert (fitted.state, fitted.rows_loaded, fitted.rows_rejected) == (FileState.LOADED, 1, 1)
        assert fitted.joins == ("prices",)
        assert rows("SELECT count(*) FROM data.prices") == [(1,)]
        assert activate_file(file_id=mine.file_id).fitting == ""
        assert rows("SELECT a, b FROM data.prices ORDER BY a") == [(1, 2), (5, 6)]

    def test_words_that_mean_empty_in_the_file_alone_keep_it_out(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "a;b\n1;x\nNA;y\n", "mine.csv", options={"null_words": "NA"})
        pipeline.load("a;b\n1;x\n", "prices.csv")
        with pytest.raises(BadOption, match="does not read “NA” as empty"):
            activate_file(file_id=mine.file_id)
        assert rows("SELECT count(*) FROM data.prices") == [(1,)]

    def test_words_that_mean_empty_in_the_dataset_are_read_so(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "a;b\n1;x\n2;NA\n", "mine.csv")
        pipeline.load("a;b\n1;x\n", "prices.csv", options={"null_words": "NA"})
        assert "other words mean an empty cell" in activate_file(file_id=mine.file_id).fitting
        pipeline.finish(mine.file_id)
        assert rows("SELECT a, b FROM data.prices ORDER BY _file, a") == [(1, "x"), (2, None), (1, "x")]

    def test_what_was_said_of_the_dataset_holds_for_the_file(self, pipeline: Pipeline) -> None:
        mine = pending(pipeline, "day;b\n25/12/2024;1\n", "mine.csv")
        pipeline.load("day;b\n01/02/2024;1\n", "days.csv", options={"day_first": True})
        assert "read in another way" in activate_file(file_id=mine.file_id).fitting
        pipeline.finish(mine.file_id)
        assert rows("SELECT day::text FROM data.days ORDER BY 1") == [("2024-02-01",), ("2024-12-25",)]

    def test_files_of_equal_columns_that_are_activated_at_once_share_a_dataset(self, pipeline: Pipeline) -> None:
        from tests.integration.files.test_activation import in_threads

        files = [pending(pipeline, f"a;b\n{n};2\n", f"{n}.csv").file_id for n in range(4)]
        errors = in_threads(*[lambda file=file: activate_file(file_id=file) for file in files])
        assert errors == [None] * 4
        assert Dataset.objects.count() == 1
        [slug] = Dataset.objects.values_list("slug", flat=True)
        assert rows(f'SELECT sum(a), count(*) FROM data."{slug}"') == [(6, 4)]  # noqa: S608


class TestEnd:
    def test_name_and_page_go_with_the_last_file(self, pipeline: Pipeline, client: Client) -> None:
        file = pipeline.load("a;b\n1;2\n", "prices.csv").file_id
        assert client.get("/datasets/prices/").status_code == 200
        delete_file(file_id=file)
        assert client.get("/datasets/prices/").status_code == 404
        assert pipeline.load("x;y\n1;2\n", "prices.csv").loads[0].dataset == "prices"

    def test_a_file_that_waits_to_join_outlives_the_dataset(self, pipeline: Pipeline) -> None:
        file = pipeline.load("a;b\n1;2\n", "prices.csv").file_id
        waiting = pending(pipeline, "a;b\n3;4\n", "more.csv").file_id
        delete_file(file_id=file)
        assert list_datasets() == ()
        activate_file(file_id=waiting)
        assert rows("SELECT a FROM data.prices") == [(3,)]

    def test_a_dataset_stays_while_a_file_of_it_is_only_switched_off(self, pipeline: Pipeline) -> None:
        one, two = (pipeline.load(f"a;b\n{n};2\n", "prices.csv").file_id for n in range(2))
        deactivate_file(file_id=two)
        delete_file(file_id=one)
        assert [dataset.slug for dataset in list_datasets()] == ["prices"]

    def test_values_of_a_deleted_file_are_nobodys_to_see(self, pipeline: Pipeline) -> None:
        secret = pipeline.load("a;b\n1;2\n2;SECRET\n", "prices.csv").file_id
        pipeline.load("a;b\n3;4\n", "prices.csv")
        dataset = Dataset.objects.get()
        assert "SECRET" in columns_seen(dataset=dataset, viewer=OPERATOR)[1].why
        delete_file(file_id=secret)
        whys = [column.why for column in columns_seen(dataset=dataset, viewer=OPERATOR)]
        assert (
            whys[1] == "text, because line 3 holds a value, which is not a number (the only value that does not fit)."
        )
        assert "SECRET" not in "".join(whys)


class TestVisibility:
    def test_a_draft_is_its_senders_and_staffs(self, pipeline: Pipeline) -> None:
        file = pending(pipeline, "a;b\n1;x\n", "prices.csv").file_id
        [draft] = Dataset.objects.all()
        for viewer in (Viewer(visitor="anna"), OPERATOR):
            assert find_dataset(slug=draft.slug, viewer=viewer) == draft
            assert find_dataset(slug="prices", viewer=viewer) == draft
        for viewer in (ANYBODY, Viewer(visitor="ben"), Viewer(user_id=7)):
            for slug in (draft.slug, "prices"):
                with pytest.raises(DatasetNotFound):
                    find_dataset(slug=slug, viewer=viewer)
        activate_file(file_id=file)
        assert find_dataset(slug="prices") == draft

    def test_of_own_drafts_of_one_name_the_newest_is_found_by_it(self, pipeline: Pipeline) -> None:
        for text, sender in (("a;b\n1;x\n", ANNA), ("c;d\n1;x\n", ANNA), ("e;f\n1;x\n", BEN)):
            pending(pipeline, text, "prices.csv", sender)
        older, newer, bens = Dataset.objects.order_by("pk")
        assert find_dataset(slug="prices", viewer=Viewer(visitor="anna")) == newer
        assert find_dataset(slug="prices", viewer=Viewer(visitor="ben")) == bens
        assert find_dataset(slug="prices", viewer=Viewer(visitor="anna", sees_all=True)) == newer
        assert find_dataset(slug=older.slug, viewer=Viewer(visitor="anna")) == older

    def test_staff_are_told_which_drafts_of_others_ask_for_a_name(self, pipeline: Pipeline) -> None:
        for sender in (ANNA, BEN):
            pending(pipeline, "a;b\n1;x\n", "prices.csv", sender)
        first, second = Dataset.objects.order_by("pk")
        with pytest.raises(DatasetNotFound) as refused:
            find_dataset(slug="prices", viewer=OPERATOR)
        assert f"{second.slug}, {first.slug}." in refused.value.hint
        with pytest.raises(DatasetNotFound) as unknown:
            find_dataset(slug="prices", viewer=ANYBODY)
        assert "_draft_" not in unknown.value.hint

    def test_evidence_shows_values_to_the_sender_and_staff_alone(self, pipeline: Pipeline) -> None:
        activate_file(file_id=pending(pipeline, "a;b\n1;2\n2;SECRET\n", "prices.csv").file_id)
        dataset = Dataset.objects.get()
        for viewer, sees in (
            (ANYBODY, False),
            (Viewer(visitor="ben"), False),
            (Viewer(visitor="anna"), True),
            (OPERATOR, True),
        ):
            assert ("SECRET" in columns_seen(dataset=dataset, viewer=viewer)[1].why) is sees


def test_file_whose_dataset_came_to_be_while_it_was_loaded_is_fitted_at_once(pipeline: Pipeline) -> None:
    late = pipeline.receive("a;b\n1;2\n", "late.csv").pk

    def be_faster(phase: Phase, bytes_done: int, rows_done: int) -> None:
        if phase is Phase.PUBLISHING and not list_datasets():
            assert in_threads(lambda: pipeline.load("a;b\nx;2\n", "prices.csv")) == [None]

    state = load_file(file_id=late, reader=pipeline.reader, hooks=LoadHooks(on_progress=be_faster))
    assert state is FileState.WAITING
    assert pipeline.finish(late).state is FileState.ACTIVE
    assert types("prices") == {"a": "text", "b": "bigint"}
    assert rows("SELECT a FROM data.prices ORDER BY a") == [("1",), ("x",)]
