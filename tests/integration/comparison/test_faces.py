"""What changes, on its page, the receipt, in the admin and over the API: all tell the same to whoever may see rows."""

import html

import pytest
from django.test import Client

from tests.integration.comparison.test_compare import NEW, OLD, load
from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import UploadedFile
from uploads.services.receiving.sender import Sender


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


@pytest.fixture
def files(pipeline: Pipeline) -> tuple[int, int]:
    """One that is active and one that waits."""
    return load(pipeline, OLD, activate=True), load(pipeline, OLD.replace("4.00", "4.25"))


def address(file_id: int) -> str:
    return f"/receipts/{UploadedFile.objects.get(pk=file_id).token}/changes/"


def page(client: Client, file_id: int, query: str = "", *, status: int = 200) -> str:
    response = client.get(address(file_id) + query)
    assert response.status_code == status
    return html.unescape(response.text)


class TestPage:
    def test_counts_first_then_the_cells_that_changed(self, staff: Client, pipeline: Pipeline) -> None:
        old, new = load(pipeline, OLD, "march.csv", activate=True), load(pipeline, NEW, "april.csv")
        text = page(staff, new, f"?with={old}&key=code")
        assert f"From march.csv (file {old}) to april.csv (file {new})." in text
        counts = [text.index(f"<dt>{label}</dt><dd>{n}</dd>") for label, n in (("new", 1), ("changed", 2), ("gone", 1))]
        assert counts == sorted(counts)
        assert "<del>4.00</del>" in text
        assert "<ins>4.25</ins>" in text
        assert "<del>blank</del>" in text
        assert text.index("<dt>gone</dt>") < text.index("2 rows that changed") < text.index("1 row that is new")
        assert "1 new column: “stock”." in text
        assert "Rows are told apart by “code”." in text
        assert "<td>10.50</td><td>17.25</td>" in text

    def test_rejected_rows_are_named_beside_those_that_are_gone_and_columns_by_their_labels(
        self, staff: Client, pipeline: Pipeline
    ) -> None:
        lines = [f"{number:02}A;{number}.50" for number in range(40)]
        old = load(pipeline, "\n".join(["code;Net price", *lines]), activate=True)
        new = load(pipeline, "\n".join(["code;Net price", "00A;on request", *lines[1:]]))
        text = page(staff, new, f"?with={old}&key=code")
        assert "<dt>gone</dt><dd>1</dd>" in text
        assert (
            "1 row of the new file was rejected and is in none of these figures: it may be one that counts as gone."
            in text
        )
        assert '<th scope="col">Net price</th>' in text

    def test_what_an_active_file_lacks_only_looks_gone(self, staff: Client, pipeline: Pipeline) -> None:
        first = load(pipeline, "code;price\nA;1\nB;2\n", activate=True)
        second = load(pipeline, "code;price\nA;1\nB;3\n", activate=True)
        waits = load(pipeline, "code;price\nC;3\n")
        told = "1 row looks gone: it is not in this file, and is seen all the same, for it is active beside others."
        assert told in page(staff, second)
        assert "looks gone" not in page(staff, second, f"?with={first}"), "two files, whatever is active"
        text = page(staff, waits)
        assert "looks gone" not in text
        assert "Activating it adds 1 row. 4 rows stay as they are." in text

    def test_it_begins_with_what_is_active_and_asks_how_else(self, staff: Client, pipeline: Pipeline) -> None:
        load(pipeline, "code;price\nA;1\nB;2\n", activate=True)
        pending = load(pipeline, "code;price\nA;1\nB;3\n")
        text = page(staff, pending)
        assert "From what is active in table to" in text
        assert "Whole rows are compared" in text
        assert '<option value="active" selected>' in text
        assert '<input type="checkbox" name="key" value="code">' in text
        assert "Show blanks, smallest" in text
        assert "<h3>Columns</h3>" in page(staff, pending, "?with=active&figures=all")

    def test_key_of_two_columns_is_two_boxes(self, staff: Client, files: tuple[int, int]) -> None:
        text = page(staff, files[1], f"?with={files[0]}&key=code&key=price")
        assert "Rows are told apart by “code” and “price”." in text

    def test_what_is_refused_is_said_on_the_page_with_the_way_out(self, staff: Client, pipeline: Pipeline) -> None:
        old, new = load(pipeline, "a;b\n1;2\n1;3\n"), load(pipeline, "a;b\n1;2\n")
        text = page(staff, new, f"?with={old}&key=a", status=409)
        assert "1 value stands in 2 rows (“1” in rows 2 and 3)" in text
        assert '<button class="button primary">Compare</button>' in text
        assert "which is not a column of both" in page(staff, new, f"?with={old}&key=zz", status=400)
        assert "There is no file 4711" in page(staff, new, "?with=4711", status=404)
        assert "not said with which file" in page(staff, new, "?with=x", status=400)
        page(staff, new, "?wiht=1", status=400)

    def test_file_without_counterpart_has_nothing_to_compare(self, staff: Client, pipeline: Pipeline) -> None:
        alone = load(pipeline, OLD)
        assert "Nothing to compare it with" in page(staff, alone)
        assert "What changes…" not in staff.get(address(alone).removesuffix("changes/")).text

    def test_values_are_shown_and_never_run(self, staff: Client, pipeline: Pipeline) -> None:
        old = load(pipeline, "k;v\n1;<script>a</script>\n")
        new = load(pipeline, "k;v\n1;<img src=x>\n")
        text = staff.get(address(new) + f"?with={old}&key=k").text
        assert "&lt;script&gt;" in text
        assert "<img src=x>" not in text


class TestWhoSeesIt:
    def test_rows_of_a_file_that_waits_are_for_its_sender_and_staff(
        self, client: Client, staff: Client, pipeline: Pipeline
    ) -> None:
        load(pipeline, OLD, activate=True)
        client.get("/")
        pending = load(pipeline, NEW, uploader=Sender(visitor="anna"), activate=None)
        assert "Elder" not in page(client, pending, status=401)
        colleague = Client()
        colleague.force_login(make_user("clerk", "activate_uploadedfile"))
        assert "Elder" not in page(colleague, pending, status=403)
        receipt = address(pending).removesuffix("changes/")
        assert "What changes…" not in client.get(receipt).text
        assert "What changes…" in staff.get(receipt).text

    def test_admin_leads_to_it(self, files: tuple[int, int]) -> None:
        boss = Client()
        boss.force_login(make_user("boss", is_superuser=True))
        assert f'href="{address(files[1])}"' in boss.get(f"/admin/uploads/uploadedfile/{files[1]}/change/").text


class TestApi:
    def test_answer_is_that_of_the_contract(self, staff: Client, pipeline: Pipeline) -> None:
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        found = staff.get(f"/api/files/{new}/changes?with={old}&key=code").json()
        assert {name: found[name] for name in ("new", "changed", "gone", "equal", "columns", "key")} == {
            "new": 1,
            "changed": 2,
            "gone": 1,
            "equal": 1,
            "columns": {"added": ["stock"], "missing": ["day"], "retyped": []},
            "key": ["code"],
        }
        assert found["tables"][0]["examples"]["changed"][1]["changes"] == {"price": {"old": "4.00", "new": "4.25"}}
        assert found["tables"][0]["figures"][0]["name"] == "price"
        assert staff.get(f"/api/files/{new}/changes?with={old}&figures=false").json()["tables"][0]["figures"] is None

    def test_without_another_file_it_is_what_is_active(self, staff: Client, pipeline: Pipeline) -> None:
        load(pipeline, "code;price\nA;1\nB;2\n", activate=True)
        pending = load(pipeline, "code;price\nA;1\nB;3\n")
        found = staff.get(f"/api/files/{pending}/changes?key=code").json()
        assert (found["changed"], found["old_side"]) == (1, {"file": None, "name": "table"})

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ("with=4711", 404, "file_not_found"),
            ("with={new}", 409, "cannot_compare"),
            ("with={old}&key=name", 409, "key_not_unique"),
            ("with={old}&key=zz", 400, "bad_option"),
            ("with={old}&key=", 400, "bad_option"),
            ("with={old}&keys=a", 400, "unknown_parameter"),
            ("with=x", 400, "bad_request"),
        ],
    )
    def test_refusals(self, staff: Client, pipeline: Pipeline, query: str, status: int, code: str) -> None:
        old, new = load(pipeline, OLD), load(pipeline, NEW)
        answer = staff.get(f"/api/files/{new}/changes?{query.format(old=old, new=new)}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)

    def test_strangers_see_no_changes(self, client: Client, files: tuple[int, int]) -> None:
        assert client.get(f"/api/files/{files[1]}/changes?with={files[0]}").status_code == 401
        client.get("/")
        assert client.get(f"/api/files/{files[1]}/changes?with={files[0]}").status_code in (401, 404)

    def test_it_is_documented(self, client: Client) -> None:
        operation = client.get("/api/openapi.json").json()["paths"]["/api/files/{file_id}/changes"]["get"]
        assert {each["name"] for each in operation["parameters"]} == {"file_id", "with", "key", "figures"}
