"""Tables of the database in the admin: looked at, adopted and given back by superusers, and by nobody else."""

import pytest
from django.test import Client

from tests.integration.adopting.conftest import erp, execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset

__all__ = ["erp"]
ADOPT = "/admin/uploads/dataset/adopt/"
LIST = "/admin/uploads/dataset/"


@pytest.fixture
def boss(erp: str, client: Client) -> Client:
    client.force_login(make_user("boss", is_superuser=True))
    return client


def test_a_table_is_found_looked_at_adopted_and_given_back(boss: Client, erp: str) -> None:
    assert ADOPT in boss.get(LIST).content.decode()
    listed = boss.get(ADOPT).content.decode()
    assert f'href="?table={erp}"' in listed
    assert "uploads_dataset<" not in listed
    assert "Adopt erp.items" in boss.get(ADOPT, {"table": erp}).content.decode()
    assert rows("SELECT relkind FROM pg_class WHERE oid = 'erp.items'::regclass") == [("r",)]
    dataset_page = boss.post(ADOPT, {"table": erp}).headers["Location"]
    page = boss.get(dataset_page).content.decode()
    release = f"{LIST}{Dataset.objects.get().pk}/release/"
    assert release in page
    assert "Delete…" not in page
    assert "Change columns…" not in page
    assert "Change type…" not in boss.get("/datasets/items/").content.decode()
    assert "erp.items becomes a table of its own again" in boss.get(release).content.decode()
    assert boss.post(release).status_code == 302
    assert rows("SELECT relkind FROM pg_class WHERE oid = 'erp.items'::regclass") == [("r",)]
    assert not Dataset.objects.exists()


def test_the_list_says_what_becomes_of_a_primary_key(boss: Client, erp: str) -> None:
    execute("ALTER TABLE erp.items ADD PRIMARY KEY (code)")
    page = boss.get(ADOPT).content.decode()
    assert "Yes, if files update it by its primary key code" in page
    link = f'href="?table={erp}&amp;merge=on"'
    assert link in page
    plan = boss.get(ADOPT, {"table": erp, "merge": "on"}).content.decode()
    assert "a row with the same one takes the place of the one that is there" in plan
    assert "Adopt erp.items" in plan
    assert "Until a file joins it, it can be made the table again" in plan
    execute("ALTER TABLE erp.items ADD pieces int")
    page = boss.get(ADOPT).content.decode()
    assert "primary key code and types are changed, for which every row is written anew" in page
    assert f'href="?table={erp}&amp;merge=on&amp;cast=on"' in page
    execute("ALTER TABLE erp.items DROP pieces, ADD UNIQUE (name)")
    other = boss.get(ADOPT).content.decode()
    assert "items_name_key" in other
    assert link not in other


def test_what_is_in_the_way_is_listed_and_has_no_button(boss: Client, erp: str) -> None:
    execute("CREATE VIEW erp.dear AS SELECT * FROM erp.items; ALTER TABLE erp.items ADD pieces int")
    page = boss.get(ADOPT, {"table": erp}).content.decode()
    assert "erp.dear" in page
    assert "pieces integer" in page
    assert "Adopt erp.items" not in page
    refused = boss.post(ADOPT, {"table": erp})
    assert refused.status_code == 409
    assert "Views read it" in refused.content.decode()
    assert boss.get(ADOPT, {"table": "nonsense"}).status_code == 409


def test_release_says_what_is_in_its_way(boss: Client, erp: str, pipeline: Pipeline) -> None:
    boss.post(ADOPT, {"table": erp})
    pipeline.load("code,name,price\nB1,x,1\n")
    release = f"{LIST}{Dataset.objects.get().pk}/release/"
    page = boss.get(release).content.decode()
    assert "was loaded into" in page
    assert '<button class="button default">' not in page
    assert boss.post(release).status_code == 302
    assert Dataset.objects.exists()


def test_nobody_but_a_superuser_may(erp: str, client: Client) -> None:
    client.force_login(make_user("staff", *EVERY_ACT))
    assert ADOPT not in client.get(LIST).content.decode()
    assert client.get(ADOPT).status_code == 403
    assert client.post(ADOPT, {"table": erp}).status_code == 403
    assert client.get(f"{LIST}1/release/").status_code == 403
    assert not Dataset.objects.exists()


def test_file_that_has_no_bytes_offers_what_can_be_done_and_nothing_else(boss: Client, erp: str) -> None:
    boss.post(ADOPT, {"table": erp})
    load = Dataset.objects.get().loads.get()
    can = boss.get(f"/api/files/{load.file_id}").json()["can"]
    assert {act for act, may in can.items() if may} == {"deactivate", "put_back"}
    assert boss.get(f"/admin/uploads/uploadedfile/{load.file_id}/change/").status_code == 200
    assert boss.get(f"/admin/uploads/uploadedfile/{load.file_id}/read-again/").status_code == 404
    assert boss.get(f"/admin/uploads/load/{load.pk}/change/").status_code == 200
    receipt = boss.get(f"/receipts/{load.file.token}/").content.decode()
    assert "a table of the database" in receipt
    assert "500 rows" in receipt
    for of_a_file in ("bytes", "each line", ">header<", "in all", "As in the file", ">Why<"):
        assert of_a_file not in receipt, of_a_file
    assert boss.get(f"/receipts/{load.file.token}/read-again/").status_code == 409
    assert boss.post(f"/api/files/{load.file_id}/retry").status_code == 409
    assert boss.delete(f"/api/files/{load.file_id}").status_code == 409


def test_rows_are_shown_to_everybody_without_a_number(boss: Client, erp: str, client: Client) -> None:
    boss.post(ADOPT, {"table": erp})
    client.logout()
    page = client.get("/datasets/items/").content.decode()
    assert "name 7" in page
    assert '<td class="origin number">–</td>' in page
    answer = client.get("/api/datasets/items/rows", {"limit": 1}).json()
    assert answer["rows"][0] | {"_file": 0} == {"_file": 0, "_row": 0, "code": "A1", "name": "name 1", "price": "1.00"}
    following = client.get("/api/datasets/items/rows", {"limit": 1, "after": answer["next"]}).json()
    assert following["rows"][0]["code"] == "A2"
