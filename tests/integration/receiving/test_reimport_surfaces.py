"""A stored file read again over the API, and what its readings are called."""

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.receiving.readings_again import TABLE, VISITOR, again
from tests.integration.staff import EVERY_ACT, basic, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.browsing import list_datasets
from uploads.services.files.activation import activate_file
from uploads.services.files.receipts import describe_file
from uploads.states import FileState


class TestApi:
    def test_staff_read_a_file_again(self, pipeline: Pipeline, client: Client) -> None:
        make_user("staff", *EVERY_ACT)
        old = pipeline.load(TABLE, "a.csv").file_id
        answer = client.post(
            f"/api/files/{old}/read-again",
            {"delimiter": ",", "dataset": "halves"},
            content_type="application/json",
            headers=basic("staff"),
        )
        assert answer.status_code == 200, answer.content
        assert (answer.json()["reading_of"], answer.json()["state"]) == (old, "waiting")
        assert pipeline.finish(answer.json()["id"]).state is FileState.ACTIVE

    @pytest.mark.parametrize(
        ("body", "named"),
        [({"delimiter": "six;;;"}, "delimiter"), ({"colour": "red"}, "colour"), ({"header_row": "two"}, "header row")],
    )
    def test_what_cannot_be_used_is_refused(
        self, pipeline: Pipeline, client: Client, body: dict[str, str], named: str
    ) -> None:
        make_user("staff", *EVERY_ACT)
        old = pipeline.load(TABLE, "a.csv").file_id
        answer = client.post(
            f"/api/files/{old}/read-again", body, content_type="application/json", headers=basic("staff")
        )
        assert answer.status_code == 400
        assert named in answer.json()["error"]["message"]
        assert UploadedFile.objects.count() == 1

    def test_staff_without_the_permission_and_strangers_may_not(self, pipeline: Pipeline, client: Client) -> None:
        make_user("looker", "view_uploadedfile")
        old = pipeline.load(TABLE, "a.csv").file_id
        address = f"/api/files/{old}/read-again"
        refused = client.post(address, {}, content_type="application/json", headers=basic("looker"))
        assert refused.json()["error"]["code"] == "not_allowed"
        assert client.post(address, {}, content_type="application/json").status_code == 401

    def test_sender_may_and_is_told_so(self, pipeline: Pipeline) -> None:
        browser = Client()
        browser.get("/")
        sent = pipeline.load(TABLE, "a.csv", activate=False).file_id
        UploadedFile.objects.filter(pk=sent).update(visitor=browser.cookies["visitor"].value.split(":")[0])
        assert browser.get(f"/api/files/{sent}").json()["can"]["read_again"] is True
        browser.get("/")
        answer = browser.post(
            f"/api/files/{sent}/read-again", {"delimiter": ",", "dataset": "x"}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content

    def test_staff_change_and_forget_how_a_dataset_is_read(self, pipeline: Pipeline, client: Client) -> None:
        make_user("staff", *EVERY_ACT, "change_dataset")
        pipeline.load(TABLE, "a.csv", dataset="remarks", options={"encoding": "cp1252"})
        address = "/api/datasets/remarks"
        assert [entry["words"] for entry in client.get(address).json()["reading"]] == ["encoding cp1252"]
        changed = client.patch(
            f"{address}/reading",
            {"delimiter": ",", "encoding": "auto"},
            content_type="application/json",
            headers=basic("staff"),
        )
        assert [entry["words"] for entry in changed.json()["reading"]] == ["delimiter “,”"]
        assert client.delete(f"{address}/reading", headers=basic("staff")).json() == {"reading": []}

    def test_only_staff_with_the_permission_change_it(self, pipeline: Pipeline, client: Client) -> None:
        make_user("staff", *EVERY_ACT)
        pipeline.load(TABLE, "a.csv", dataset="remarks")
        address = "/api/datasets/remarks/reading"
        assert client.delete(address, headers=basic("staff")).status_code == 403
        assert client.patch(address, {}, content_type="application/json").status_code == 401
        make_user("boss", "change_dataset", "view_uploadedfile")
        assert client.delete("/api/datasets/nowhere/reading", headers=basic("boss")).status_code == 404


class TestNames:
    """A file read again has types of its own, and its rows are found where the old ones were."""

    DOUBTFUL = "day;price\n01/02/2024;1\n03/04/2024;2\n"

    def test_types_are_decided_anew_and_the_table_keeps_its_name(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv").file_id
        receipt = pipeline.finish(again(old, day_first=True).pk)

        assert receipt.loads[0].dataset == "sales"
        assert rows("SELECT day::text FROM data.sales ORDER BY _row") == [("2024-02-01",), ("2024-04-03",)]
        [load] = describe_file(file_id=old).loads
        assert (load.dataset, load.is_draft) == ("sales", True)

    def test_undoing_it_gives_the_name_back(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv", dataset="sales").file_id
        new = pipeline.finish(again(old, day_first=True).pk).file_id
        activate_file(file_id=old)
        assert rows("SELECT day FROM data.sales ORDER BY _row") == [("01/02/2024",), ("03/04/2024",)]
        activate_file(file_id=new)
        assert rows("SELECT day::text FROM data.sales ORDER BY _row") == [("2024-02-01",), ("2024-04-03",)]
        assert [(dataset.slug, dataset.name) for dataset in list_datasets()] == [("sales", "sales")]

    def test_other_columns_take_the_name_too(self, pipeline: Pipeline) -> None:
        old = pipeline.load(TABLE, "a.csv").file_id
        pipeline.finish(again(old, delimiter=",").pk)

        assert rows("SELECT id_re, mark FROM data.a ORDER BY _row") == [("1;a", "b"), ("2;c", "d")]

    def test_dataset_with_rows_of_other_files_keeps_its_types_and_its_name(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv").file_id
        pipeline.load(self.DOUBTFUL, "other.csv", dataset="sales")
        receipt = pipeline.finish(again(old, day_first=True).pk)

        assert receipt.loads[0].dataset == "sales"
        assert receipt.loads[0].columns[0]["type"] == "text"
        assert any("so its columns keep their types" in note for note in receipt.loads[0].sentences)
        assert rows("SELECT count(*) FROM data.sales") == [(4,)]

    def test_dataset_that_was_named_for_the_reading_keeps_its_name(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv").file_id
        new = pipeline.finish(again(old, dataset="dated", day_first=True).pk)
        assert new.loads[0].dataset == "dated"
        activate_file(file_id=old)
        assert describe_file(file_id=old).loads[0].dataset == "sales"

    def test_new_reading_that_waits_leaves_the_name_where_it_is(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv").file_id
        new = pipeline.finish(again(old, VISITOR, day_first=True).pk).file_id
        assert rows("SELECT day FROM data.sales ORDER BY _row LIMIT 1") == [("01/02/2024",)]
        activate_file(file_id=new)
        assert rows("SELECT day::text FROM data.sales ORDER BY _row LIMIT 1") == [("2024-02-01",)]

    def test_later_file_joins_the_active_reading(self, pipeline: Pipeline) -> None:
        old = pipeline.load(self.DOUBTFUL, "sales.csv").file_id
        pipeline.finish(again(old, day_first=True).pk)
        activate_file(file_id=old)
        assert pipeline.load(self.DOUBTFUL, "march.csv").loads[0].dataset == "sales"

    def test_null_words_and_what_was_said_of_the_dataset_hold_for_the_reading(self, pipeline: Pipeline) -> None:
        old = pipeline.load("a;n\n1;NA\n2;3\n", "x.csv", options={"null_words": ["NA"], "encoding": "utf-8"}).file_id
        receipt = pipeline.finish(again(old, null_words=None).pk)
        assert [column["type"] for column in receipt.loads[0].columns] == ["bigint", "bigint"]
        dataset = Dataset.objects.get(slug="x")
        assert (dataset.null_words, list(dataset.read_options)) == (["NA"], ["encoding"])
