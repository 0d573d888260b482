"""Every address, list and statement of SQL has the datasets that a person reads, and no trace of others.

What one may not read answers as what never was.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.addresses import Address, every_address
from tests.integration.visibility.world import ALL, MEMBERS, OPEN, PEOPLE, READS, SALES, TOKENS, World, world
from uploads.database.querying.grants import SOURCES
from uploads.database.statements import SCHEMA
from uploads.services.querying.query import read_query
from uploads.services.querying.tables import list_tables
from uploads.services.querying.wording import BadQuery

__all__ = ["world"]

pytestmark = pytest.mark.django_db
NEVER = "neverprices"
OF_DATASETS = [address for address in every_address(with_admin=False) if "slug" in address.parts]
LISTS = (
    "/",
    "/datasets/",
    "/datasets/?_tag={tag}",
    "/datasets/?_q=amount",
    "/api/datasets",
    "/api/datasets?_tag={tag}",
    "/catalog.jsonld",
    "/catalog.ttl",
    "/sitemap-datasets.xml",
    "/sql/",
    "/tokens/",
)
FOR_EVERYBODY = {"/catalog.jsonld", "/catalog.ttl", "/sitemap-datasets.xml"}
"""Machines come without an account, whoever asks."""
CHANGING = re.compile(r"csrf[^>]*|[Rr]eference <code>\w+|\bnow\b|[\w-]{64}|[\w-]{43}")


def paths(address: Address, slug: str) -> str:
    values = {"slug": slug, "name": "kept", "token": "x" * 43, "int": 1}
    path = address.path(values)
    return f"{path}?_group={slug}code" if path.endswith("/aggregate") else path


def told(response: Any, slug: str) -> tuple[int, str]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, CHANGING.sub("", body.decode(errors="replace").replace(slug, "…"))


def asked(name: str) -> Iterator[Address]:
    for address in OF_DATASETS:
        if " " not in name or address.route.startswith("/api/"):
            yield address


def slugs(name: str, number: int) -> list[str]:
    """Of those that one reads and of those that one doesn't, one each, in turn; ``make faults`` asks for all."""
    if "EXAMPLES" in os.environ:
        return list(ALL)
    sides = ([slug for slug in ALL if (slug in READS[name]) is reads] for reads in (True, False))
    return [side[number % len(side)] for side in sides if side]


@pytest.mark.parametrize("name", [*PEOPLE, *TOKENS])
def test_dataset_that_is_not_ones_own_to_read_is_as_one_that_never_was_at_every_address(
    world: World, name: str
) -> None:
    client, wrong = world.client(name), []
    for number, address in enumerate(asked(name)):
        status, never = told(client.get(paths(address, NEVER)), NEVER)
        for slug in slugs(name, number):
            found, text = told(client.get(paths(address, slug)), slug)
            if slug not in READS[name] and (found, text) != (status, never):
                lines = zip(text.splitlines(), never.splitlines(), strict=False)
                other = next((f"{one} | {two}" for one, two in lines if one != two), "its length")
                wrong.append(f"{address.route} tells of {slug}: {found}, not {status}: {other}")
            if slug in READS[name] and found in (404, 500):
                is_public_page = address.name in {"dataset-jsonld", "dataset-turtle", "embed-view", "embed-dashboard"}
                if found == 500 or not (is_public_page and slug != OPEN):
                    wrong.append(f"{address.route} has no {slug}: {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("path", LISTS)
def test_lists_have_the_datasets_that_one_reads(world: World, name: str, path: str) -> None:
    client = world.client(name)
    text = "".join(client.get(path.format(tag=f"tag{slug}")).content.decode() for slug in ALL)
    seen = {slug for slug in ALL if re.search(rf"(?<!_tag=tag){slug}", text.replace(f"tag{slug}", ""))}
    allowed = READS["visitor"] if path in FOR_EVERYBODY else READS[name]
    assert seen <= allowed
    is_open = not (path == "/sql/" and name not in {"clerk", "boss"}) and not (path == "/tokens/" and name == "visitor")
    assert not is_open or seen == allowed


@pytest.mark.parametrize("name", TOKENS)
def test_lists_of_the_api_have_what_a_token_reads(world: World, name: str) -> None:
    response = world.client(name).get("/api/datasets")
    if not READS[name]:
        assert response.status_code == 403
        return
    assert {dataset["slug"] for dataset in response.json()["datasets"]} == READS[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_sql_runs_with_the_persons_own_rights(world: World, name: str) -> None:
    viewer, read = world.viewer(name), set()
    for slug in ALL:
        try:
            page = read_query(query=f"TABLE data.{slug}", most_rows=lambda _: 9, is_over=lambda: False, viewer=viewer)
        except BadQuery:
            continue
        read.add(slug)
        assert [row[-1] for row in page.rows] == [1, 2]
    assert read == READS[name]
    sources = read_query(
        query=f"TABLE {SCHEMA}.{SOURCES}",
        most_rows=lambda _: 100,
        is_over=lambda: False,
        viewer=viewer,
    )
    assert {row[2] for row in sources.rows} == READS[name]
    assert {table.name.removeprefix("data.") for table in list_tables(viewer).tables} == READS[name]


@pytest.mark.parametrize("slug", [MEMBERS, SALES])
def test_the_database_itself_refuses_the_table_of_another_audience(world: World, slug: str) -> None:
    """Also where the site were wrong about the names in a query."""
    with pytest.raises(BadQuery):
        read_query(query=f"TABLE data.{slug}", most_rows=lambda _: 1, is_over=lambda: False)
