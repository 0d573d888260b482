"""Tables of the database on every face: found, looked at, published and taken off the site, adopted and given back."""

import io
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.adopting.conftest import erp, execute
from tests.integration.adopting.test_adoption import description
from tests.integration.conftest import rows
from tests.integration.staff import EVERY_ACT, basic, make_user
from uploads.models import Dataset
from uploads.services.adopting.publication import plan_publication, publish_table
from uploads.services.datasets import reflection

__all__ = ["erp"]
PUBLISH = "/admin/uploads/dataset/publish/"
LIST = "/admin/uploads/dataset/"


@pytest.fixture
def boss(shop: str) -> User:
    return make_user("boss", is_superuser=True)


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, data=json.dumps(body), content_type="application/json", headers=basic("boss"))


def command(name: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def test_page_shows_rows_types_and_that_nothing_joins(boss: User, client: Client) -> None:
    publish_table(table="shop.prices")
    execute("ANALYZE shop.prices")
    page = client.get("/datasets/prices/").content.decode()
    for words in (
        "SELECT * FROM shop.prices LIMIT 100;",
        "<dt>Rows</dt><dd>250</dd>",
        "no file joins it",
        "character varying(20) in the database.",
        "in euros",
        "A100",
    ):
        assert words in page
    for words in ("Active files", "_file", 'class="origin', "Where the rows are from", "Change how files join"):
        assert words not in page
    following = client.get(next_page(page)).content.decode()
    assert "A101" in following
    assert "A100<" not in following
    listed = client.get("/datasets/").content.decode()
    assert "<code>shop.prices</code>" in listed
    assert "about 250" in listed
    assert "read-only" in listed
    client.force_login(boss)
    assert "Columns…" not in client.get("/datasets/prices/").content.decode()
    assert '<option value="prices"' not in client.get("/").content.decode()


def next_page(page: str) -> str:
    found = re.search(r'<a class="button" rel="next" href="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_page_of_a_table_that_is_gone_says_what_to_do(boss: User, client: Client) -> None:
    publish_table(table="shop.lines")
    execute("DROP TABLE shop.lines")
    page = client.get("/datasets/lines/")
    assert page.status_code == 409
    assert "no such table or view any more: shop.lines. Make it again" in page.content.decode()
    assert client.get("/datasets/").status_code == 200
    detail = client.get("/api/datasets/lines").json()
    assert (detail["refusal"]["code"], detail["rows"], detail["rows_known"]) == ("relation_unreadable", None, "unknown")
    answer = client.get("/api/datasets/lines/rows")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "relation_unreadable")
    client.force_login(boss)
    page = client.get(f"{LIST}{Dataset.objects.get().pk}/change/")
    assert "no such table or view any more" in page.content.decode()
    assert "gone" in client.get(LIST).content.decode()


def test_visitors_are_told_no_roles_and_staff_are(boss: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_table(table="shop.lines")
    names = ("GRANT USAGE ON SCHEMA shop TO site", "GRANT SELECT ON shop.lines TO site")
    monkeypatch.setattr(reflection, "_missing_grants", lambda relation: names)
    said = "The database does not let this site read it now."
    for address in ("/datasets/lines/", "/api/datasets/lines", "/api/datasets/lines/rows"):
        answer = client.get(address).content.decode()
        assert said in answer
        assert "Ask whoever runs this site." in answer
        assert not [word for word in ("GRANT", "TO site", "role may not") if word in answer]
    assert plan_publication(table="shop.lines").obstacles[0].names == names
    client.force_login(boss)
    shown = client.get(f"{LIST}{Dataset.objects.get().pk}/change/").content.decode()
    assert "GRANT SELECT ON shop.lines TO site" in shown


def test_api_lists_describes_and_pages(boss: User, client: Client) -> None:
    publish_table(table="shop.prices")
    [listed] = client.get("/api/datasets").json()["datasets"]
    assert (listed["kind"], listed["table"], listed["active_files"]) == ("read_only", "shop.prices", 0)
    detail = client.get("/api/datasets/prices").json()
    assert (detail["rows"], detail["rows_known"], detail["refusal"], detail["sources"]) == (250, "exact", None, [])
    columns = client.get("/api/datasets/prices/columns").json()
    assert columns["can_change"] is False
    assert columns["columns"][2]["evidence_kind"] == "in_database"
    page = client.get("/api/datasets/prices/rows", {"limit": 2}).json()
    assert page["rows"][1] == {"id": 2, "code": "A2", "price": "2.00", "since": "2026-01-03", "extra": '{"a": 1}'}
    page = client.get("/api/datasets/prices/rows", {"limit": 2, "after": page["next"]}).json()
    assert [row["id"] for row in page["rows"]] == [3, 4]
    for nonsense in ("k.", "k.x", "k.IjEi", "k.WyJcdWQ4MDAiXQ", "k.WyJhIiwiYiJd", "0.0.3", "k." + "W" * 40_000):
        assert client.get("/api/datasets/prices/rows", {"after": nonsense}).status_code == 400


def test_api_publishes_after_a_dry_run_and_unpublishes(boss: User, client: Client) -> None:
    found = client.get("/api/tables", headers=basic("boss")).json()
    assert {"table": "shop.dear", "kind": "view", "rows": None, "dataset": None} in found["tables"]
    plan = post(client, "/api/tables/publish", table="shop.dear", dry_run=True)
    assert plan.status_code == 200
    assert (plan.json()["possible"], plan.json()["slug"], plan.json()["kind"]) == (True, "dear", "view")
    assert plan.json()["columns"][1] == {"name": "price", "type": "numeric(10,2)", "becomes": "numeric"}
    assert not Dataset.objects.exists()
    done = post(client, "/api/tables/publish", table="shop.dear")
    assert (done.status_code, done.json()) == (201, {"table": "shop.dear", "slug": "dear"})
    again = post(client, "/api/tables/publish", table="shop.dear")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "cannot_publish")
    plan = post(client, "/api/tables/publish", table="shop.dear", dry_run=True).json()
    assert (plan["possible"], [each["kind"] for each in plan["obstacles"]]) == (False, ["published"])
    assert post(client, "/api/tables/publish", table="dear").status_code == 400
    assert post(client, "/api/tables/publish", table="shop.no").status_code == 404
    assert post(client, "/api/datasets/dear/unpublish").status_code == 200
    assert post(client, "/api/datasets/dear/unpublish").status_code == 404
    assert rows("SELECT count(*) FROM shop.dear") == [(150,)]


def test_api_adopts_after_a_dry_run_and_releases(boss: User, erp: str, client: Client) -> None:
    before = description(erp)
    plan = post(client, "/api/tables/adopt", table=erp, dry_run=True)
    assert (plan.status_code, plan.json()["possible"]) == (200, True)
    assert plan.json()["rows"] in (None, 500), "as PostgreSQL estimates, once it has"
    assert description(erp) == before
    done = post(client, "/api/tables/adopt", table=erp)
    assert done.status_code == 201
    assert done.json() | {"file": 0} == {"table": erp, "slug": "items", "file": 0, "rows": 500}
    released = post(client, "/api/datasets/items/release")
    assert (released.status_code, released.json()) == (200, {"slug": "items", "table": erp, "rows": 500})
    assert description(erp) == before
    execute("ALTER TABLE erp.items ADD pieces int")
    refused = post(client, "/api/tables/adopt", table=erp)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cannot_adopt")
    plan = post(client, "/api/tables/adopt", table=erp, dry_run=True).json()
    assert [(each["kind"], each["names"]) for each in plan["obstacles"]] == [("types", ["pieces integer"])]
    assert post(client, "/api/tables/adopt", table=erp, cast=True).status_code == 201
    execute("CREATE VIEW erp.reads AS SELECT * FROM data.items")
    assert post(client, "/api/datasets/items/release").json()["error"]["code"] == "table_in_use"
    assert post(client, "/api/datasets/nothing/release").status_code == 404


ADDRESSES = {
    "/api/tables/adopt": {"table": "shop.lines"},
    "/api/tables/publish": {"table": "shop.lines"},
    "/api/datasets/lines/release": {},
    "/api/datasets/lines/unpublish": {},
}


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/tables"])
def test_api_is_for_superusers(boss: User, client: Client, address: str) -> None:
    make_user("staff", *EVERY_ACT, "change_dataset")
    make_user("root", is_staff=False, is_superuser=True)
    for headers, status in ((None, 401), (basic("staff"), 403), (basic("root"), 403)):
        if address in ADDRESSES:
            body = json.dumps(ADDRESSES[address])
            answer: Any = client.post(address, data=body, content_type="application/json", headers=headers)
        else:
            answer = client.get(address, headers=headers)
        assert answer.status_code == status
    assert not Dataset.objects.exists()


def test_openapi_describes_the_operations(boss: User, client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    for address in ("/api/tables/adopt", "/api/tables/publish"):
        operation = paths[address]["post"]
        assert {"200", "201", "400", "401", "403", "404", "409", "503"} <= operation["responses"].keys()
        assert operation["summary"]
        assert operation["description"]


def test_admin_publishes_and_unpublishes(boss: User, client: Client) -> None:
    client.force_login(boss)
    assert PUBLISH in client.get(LIST).content.decode()
    listed = client.get(PUBLISH).content.decode()
    assert 'href="?table=shop.prices"' in listed
    assert "materialized view" in listed
    assert "uploads_dataset<" not in listed
    plan = client.get(PUBLISH, {"table": "shop.prices"}).content.decode()
    assert "Publish shop.prices" in plan
    assert "character varying(20)" in plan
    page = client.post(PUBLISH, {"table": "shop.prices"}).headers["Location"]
    shown = client.get(page).content.decode()
    assert "<code>shop.prices</code>" in shown
    assert "A20" in shown
    of_files = ("How files join it", "Active files", "Read as empty", "Files wait for a person")
    for words in ("Delete…", "Change columns…", "How its files are read…", 'fieldset-heading">Files', *of_files):
        assert words not in shown
    pk = Dataset.objects.get().pk
    assert client.get(f"{LIST}{pk}/reading/").status_code == 404
    assert client.get(f"{LIST}{pk}/release/").status_code == 404
    refused = client.post(
        LIST, {"action": "delete_datasets", "_selected_action": [pk], "confirm": "yes"}, follow=True
    ).content.decode()
    assert "no file joins it" in refused
    unpublish = f"{LIST}{pk}/unpublish/"
    assert unpublish in shown
    assert "in the database it stays as it is" in client.get(unpublish).content.decode()
    assert client.post(unpublish).status_code == 302
    assert not Dataset.objects.exists()
    assert rows("SELECT count(*) FROM shop.prices") == [(250,)]
    assert "Published shop.prices" in client.get("/admin/").content.decode()


def test_admin_refuses_with_the_reason(boss: User, client: Client) -> None:
    client.force_login(boss)
    page = client.get(PUBLISH, {"table": "public.auth_user"}).content.decode()
    assert "own tables" in page
    assert "Publish public.auth_user" not in page
    assert client.post(PUBLISH, {"table": "public.auth_user"}).status_code == 409
    assert client.get(PUBLISH, {"table": "nonsense"}).status_code == 409
    client.force_login(make_user("staff", *EVERY_ACT))
    assert client.get(PUBLISH).status_code == 403
    assert client.post(PUBLISH, {"table": "shop.lines"}).status_code == 403
    assert client.get(f"{LIST}1/unpublish/").status_code == 403


def test_commands_list_try_publish_and_unpublish(boss: User) -> None:
    assert "shop.dear: view\n" in command("publish_table", "--list")
    assert {"table": "shop.dear", "kind": "view", "rows": None, "dataset": ""} in json.loads(
        command("publish_table", "--list", "--json")
    )["tables"]
    tried = command("publish_table", "shop.dear", "--dry-run")
    assert "The view shop.dear could be shown as the dataset dear (rows: not counted):" in tried
    assert "Nothing was changed." in tried
    assert json.loads(command("publish_table", "shop.dear", "--dry-run", "--json"))["possible"] is True
    assert not Dataset.objects.exists()
    assert "shop.dear is shown as the dataset dear now." in command("publish_table", "shop.dear")
    assert "shop.dear: view, shown as dear" in command("publish_table", "--list")
    with pytest.raises(CommandError, match="published already"):
        command("publish_table", "shop.dear")
    assert json.loads(command("unpublish_table", "dear", "--json"))["table"] == "shop.dear"
    for arguments, code in ((("public.auth_user",), 1), (("dear",), 2), ((), 2), (("shop.x", "--list"), 2)):
        with pytest.raises(CommandError) as caught:
            command("publish_table", *arguments)
        assert caught.value.returncode == code
    with pytest.raises(CommandError, match="no dataset"):
        command("unpublish_table", "dear")
