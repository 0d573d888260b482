"""Staff say what tells the rows of a view apart that joins tables: then its pages have no end, and miss nothing."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import rows
from tests.integration.staff import basic, make_user
from uploads.database.adopting import stated_keys
from uploads.database.reading import relation_view
from uploads.database.reading.relation_view import RelationTooDeep
from uploads.models import Dataset
from uploads.services.adopting.plan import plan_adoption
from uploads.services.adopting.publication import plan_publication, publish_table
from uploads.services.errors import CannotPublish
from uploads.services.reading.pages import page_rows
from uploads.tabular.errors import BadOption

JOINED = (
    "CREATE VIEW shop.joined AS SELECT l.a, p.id, p.code, nullif(p.id, 7) AS odd, p.extra::json AS extra"
    " FROM shop.prices p JOIN shop.lines l ON l.b % 250 + 1 = p.id"
)
"""400 rows, one for each line: to 150 of the 250 prices there are two."""
ADDRESS = "/api/datasets/joined/rows"


@pytest.fixture
def joined(shop: str, monkeypatch: pytest.MonkeyPatch) -> str:
    execute(JOINED)
    monkeypatch.setattr(relation_view, "MOST_SKIPPED", 100)
    return "shop.joined"


def key() -> list[str]:
    return list(Dataset.objects.get().relation_key)


def walk(client: Client, **view: Any) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    page = client.get(ADDRESS, {"limit": 90, **view}).json()
    while True:
        found += [(row["a"], row["id"]) for row in page["rows"]]
        if page["next"] is None:
            return found
        page = client.get(ADDRESS, {"limit": 90, "after": page["next"], **view}).json()


def test_pages_go_by_the_stated_key_to_the_end_in_every_order(joined: str, client: Client) -> None:
    publish_table(table=joined)
    first = page_rows(slug="joined", limit=100)
    with pytest.raises(RelationTooDeep, match="end after 100 rows"):
        page_rows(slug="joined", limit=100, after=first.next)
    publish_table(table=joined, key=["id", "a"])
    by_key = walk(client)
    assert by_key == sorted(by_key, key=lambda row: (row[1], row[0]))
    assert len(set(by_key)) == len(by_key) == 400
    by_code = walk(client, _sort="-code")
    assert by_code != by_key
    assert sorted(by_code) == sorted(by_key)
    execute("DROP VIEW shop.joined; CREATE VIEW shop.joined AS SELECT a, b FROM shop.lines")
    assert page_rows(slug="joined", limit=100).next is not None, "a column of the key is gone: pages are counted again"


def test_rows_that_come_later_without_a_value_in_the_key_end_no_page(joined: str, client: Client) -> None:
    """They may be missed, as README says; whoever turns pages comes to the last row, and meets none twice."""
    publish_table(table=joined, key=["id", "a"])
    execute(JOINED.replace("CREATE", "CREATE OR REPLACE").replace("l.a,", "CASE WHEN l.b % 3 > 0 THEN l.a END AS a,"))
    there = rows("SELECT a, id FROM shop.joined WHERE a IS NOT NULL ORDER BY 1, 2")
    ends = []
    for sort in ("", "code", "-id"):
        view = {"limit": "30"} | ({"_sort": sort} if sort else {})
        page = client.get(ADDRESS, view).json()
        found = list(page["rows"])
        while page["next"] is not None:
            ends.append(page["rows"][-1]["a"])
            page = client.get(ADDRESS, view | {"after": page["next"]}).json()
            found += page["rows"]
        assert sorted((row["a"], row["id"]) for row in found if row["a"] is not None) == sorted(there)
        assert len(found) <= 400
        assert page["previous"] is not None
        back = client.get(ADDRESS, view | {"_before": page["previous"]}).json()["rows"]
        assert len(back) == 30
    assert None in ends


def test_what_is_no_key_is_refused_in_words_and_nothing_is_published(
    joined: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for names, words in {
        ("id",): "“id” does not tell the rows of shop.joined apart: 2 is in 2 rows.",
        ("a", "odd"): "“a” and “odd” do not tell the rows of shop.joined apart: there is a row with nothing in it.",
        ("extra",): "PostgreSQL has no order for their types",
    }.items():
        with pytest.raises(CannotPublish, match=words):
            publish_table(table=joined, key=names)
    for names, words in {("id", "nothing"): "has no column “nothing”", ("a", "a"): "each named once"}.items():
        with pytest.raises(BadOption, match=words):
            publish_table(table=joined, key=names)
    with pytest.raises(BadOption, match="are told apart by id"):
        publish_table(table="shop.prices", key=["code"])
    monkeypatch.setattr(stated_keys, "CHECK_SECONDS", 0.5)
    execute("CREATE VIEW shop.slow AS SELECT a, pg_sleep(1)::text AS s FROM shop.lines")
    with pytest.raises(CannotPublish, match="was not seen in"):
        publish_table(table="shop.slow", key=["a", "s"])
    assert not Dataset.objects.exists()


def test_key_is_stated_and_taken_back_on_every_face(joined: str, client: Client) -> None:
    boss = make_user("boss", is_superuser=True)
    assert plan_publication(table=joined).is_keyless
    call_command("publish_table", joined, "--key", "id, a")
    assert key() == ["id", "a"]
    with pytest.raises(CommandError, match="is published already"):
        call_command("publish_table", joined)
    call_command("publish_table", joined, "--key", "")
    assert key() == []
    wish = {"table": joined, "key": ["a"]}
    told = client.post("/api/tables/publish", json.dumps(wish), content_type="application/json", headers=basic("boss"))
    assert (told.status_code, key()) == (201, ["a"])
    wish["key"] = ["id"]
    told = client.post("/api/tables/publish", json.dumps(wish), content_type="application/json", headers=basic("boss"))
    assert (told.status_code, key()) == (409, ["a"])
    client.force_login(boss)
    address = "/admin/uploads/dataset/publish/"
    assert 'name="key" value="a"' in client.get(address, {"table": joined}).text
    client.post(address, {"table": joined, "key": "a, id"})
    assert key() == ["a", "id"]
    refused = client.post(address, {"table": joined, "key": "id"})
    assert (refused.status_code, key()) == (409, ["a", "id"])
    assert "2 is in 2 rows" in refused.text
    assert 'name="key" value="id"' in refused.text, "what was typed is there to be corrected"


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_table", *arguments, stdout=out)
    return out.getvalue()


def test_what_is_said_of_pages_and_of_what_was_done_is_so(joined: str, client: Client) -> None:
    """That pages end is not said to whoever just said what keeps them from it, nor “shown now” of what was shown."""
    assert "Its pages end after" in command(joined, "--dry-run")
    assert "Its pages end after" not in command(joined, "--dry-run", "--key", "id,a")
    done = command(joined, "--key", "id,a")
    assert "shop.joined is shown as the dataset joined now." in done
    assert "Its pages end after" not in done
    assert "could be said anew. Nothing was changed." in command(joined, "--dry-run", "--key", "a")
    assert json.loads(command(joined, "--dry-run", "--key", "a", "--json"))["possible"] is True
    assert key() == ["id", "a"]
    assert "The rows of shop.joined are told apart by a now" in command(joined, "--key", "a")
    client.force_login(make_user("boss", is_superuser=True))
    page = client.post("/admin/uploads/dataset/publish/", {"table": joined, "key": ""}, follow=True)
    assert "Nothing is said any more to tell the rows of shop.joined apart" in page.text


@pytest.mark.parametrize(
    ("visible", "words"),
    [("signed_in", "People who are signed in can read its rows."), ("groups", "nobody else until groups are chosen.")],
)
def test_plan_says_who_reads_it(shop: str, settings: Any, visible: str, words: str) -> None:
    settings.DATASETS_VISIBLE = visible
    for plan in (plan_publication(table="shop.dear"), plan_adoption(table="shop.lines")):
        assert plan.consequences[0].endswith(words)
