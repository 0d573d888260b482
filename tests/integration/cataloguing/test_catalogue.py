"""The catalogue, JSON-LD, the sitemap and the rules for robots: what machines that look for data are told."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, override_settings
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.services.cataloguing.about import SaidAbout, change_about
from uploads.services.columns.shape import add_column
from uploads.services.datasets import catalogue
from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading.profiles import make_profiles

HOSTILE = "</script><!-- <script> & \u2028 ]]>"
BASE = "http://testserver"


@pytest.fixture
def prices(pipeline: Pipeline) -> str:
    pipeline.load("Code;Net price\nA;1\nB;2\n", "prices.csv")
    said = SaidAbout(
        description="What 40 shops asked for bread, every day since 2020.",
        licence="CC-BY-4.0",
        tags=["food", "prices"],
        publisher="City of Ghent",
        contact="data@example.org",
    )
    change_about(slug="prices", said=said)
    return "prices"


def draft(pipeline: Pipeline) -> Dataset:
    """Of a file that nobody has activated."""
    return Dataset.objects.create(slug="_draft_1", planned="secret", name="secret", header_key="x")


def on_page(html: str) -> dict[str, Any]:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


def located(xml: bytes) -> list[str]:
    return re.findall(r"<loc>(.*?)</loc>", xml.decode())


def nodes(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from nodes(each)


def of_type(document: Any, name: str) -> list[dict[str, Any]]:
    return [node for node in nodes(document) if name in (node.get("@type"), *node.get("@type", ()))]


def test_page_of_a_dataset_has_what_google_asks_for(prices: str) -> None:
    html = Client().get("/datasets/prices/").content.decode()
    found = on_page(html)
    assert (found["@context"], found["@type"], found["name"]) == ("https://schema.org/", "Dataset", "prices")
    assert found["url"] == f"{BASE}/datasets/prices/"
    assert 50 <= len(found["description"]) <= 5000
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["keywords"] == ["food", "prices"]
    assert found["publisher"]["name"] == found["creator"]["name"] == "City of Ghent"
    assert found["publisher"]["contactPoint"]["email"] == "data@example.org"
    assert [each["name"] for each in found["variableMeasured"]] == ["Code", "Net price"]
    assert datetime.fromisoformat(found["dateModified"]) >= datetime.fromisoformat(found["datePublished"])
    formats = {each["encodingFormat"]: each["contentUrl"] for each in found["distribution"]}
    assert formats[ExportFormat.PARQUET.facts.media_type] == f"{BASE}/api/datasets/prices/rows?_format=parquet"
    filtered = Client().get("/datasets/prices/?code=A").content.decode()
    assert '<script type="application/ld+json' not in filtered, "its address is not to be found"
    assert '<link rel="canonical" href="http://testserver/datasets/prices/">' in html
    assert '<link rel="canonical" href="http://testserver/datasets/prices/">' in filtered
    assert '<link rel="alternate" type="application/ld+json" href="http://testserver/datasets/prices.jsonld">' in html


def test_what_people_write_cannot_leave_the_block(prices: str) -> None:
    change_about(slug="prices", said=SaidAbout(description=HOSTILE * 3, publisher="</ScRiPt>"))
    Dataset.objects.update(name=HOSTILE)
    html = Client().get("/datasets/prices/").content.decode()
    found = on_page(html)
    assert (found["name"], found["description"]) == (HOSTILE, HOSTILE * 3)
    block = html[html.index('application/ld+json">') :].partition("</script>")[0]
    assert not set("<&\u2028") & set(block.partition(">")[2])


@override_settings(PUBLISHER="Province of East Flanders")
def test_a_dataset_of_which_nothing_is_said_is_described_by_its_columns(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "trees.csv")
    found = on_page(Client().get("/datasets/trees/").content.decode())
    assert found["description"] == "Table “trees” with 2 columns: a, b."
    assert not {"license", "keywords", "creator"} & set(found)
    assert found["publisher"]["name"] == "Province of East Flanders"
    change_about(slug="trees", said=SaidAbout(description="Trees."))
    [dataset] = of_type(Client().get("/datasets/trees.jsonld").json(), "dcat:Dataset")
    assert dataset["dct:description"] == "Trees.\nTable “trees” with 2 columns: a, b."


def test_catalogue_has_what_dcat_ap_asks_for(prices: str) -> None:
    answer = Client().get("/catalog.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    document = answer.json()
    [found] = of_type(document, "dcat:Catalog")
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"} <= set(found)
    assert found["dct:publisher"]["foaf:name"] == "testserver"
    [dataset] = of_type(document, "dcat:Dataset")
    assert found["dcat:dataset"] == [{"@id": dataset["@id"]}]
    assert dataset["@id"] == f"{BASE}/datasets/prices/"
    assert dataset["dct:title"] == "prices"
    assert dataset["dct:description"] == "What 40 shops asked for bread, every day since 2020."
    assert dataset["dcat:keyword"] == ["food", "prices"]
    assert dataset["dct:publisher"] == {"@type": "foaf:Agent", "foaf:name": "City of Ghent"}
    assert dataset["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:data@example.org"}
    distributions = of_type(dataset, "dcat:Distribution")
    assert len(distributions) > 5
    assert len({each["@id"] for each in distributions}) == len(distributions)
    for each in distributions:
        assert each["dcat:accessURL"]["@id"].startswith(BASE)
        assert each["dct:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
        assert each["dcat:mediaType"]["@id"].startswith("https://www.iana.org/assignments/media-types/")
    [service] = of_type(dataset, "dcat:DataService")
    assert Client().get(service["dcat:endpointURL"]["@id"].removeprefix(BASE)).status_code == 200
    assert Client().get(service["dcat:endpointDescription"]["@id"].removeprefix(BASE)).status_code == 200
    alone = Client().get("/datasets/prices.jsonld").json()
    assert of_type(alone, "dcat:Dataset") == [dataset]
    prefixes = {name.partition(":")[0] for node in nodes(document["@graph"]) for name in node if ":" in name}
    assert prefixes <= set(document["@context"])


def test_harvesters_follow_its_pages(prices: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "ENTRIES_ON_A_PAGE", 1)
    pipeline.load("a;b\n1;2\n", "trees.csv")
    for next_page in ("hydra:next", "hydra:nextPage"):
        seen, here = [], "/catalog.jsonld"
        while here:
            document = Client().get(here).json()
            seen += [dataset["dct:title"] for dataset in of_type(document, "dcat:Dataset")]
            [page] = of_type(document, "hydra:PartialCollectionView")
            assert page["hydra:totalItems"] == 2
            here = page.get(next_page, {}).get("@id", "").removeprefix(BASE)
        assert seen == ["prices", "trees"]
    assert Client().get("/catalog.jsonld?page=3").status_code == 404
    for wrong in ("page=0", "page=x", "seite=1", "page=1&page=2"):
        assert Client().get(f"/catalog.jsonld?{wrong}").status_code == 400


def test_who_asks_again_is_answered_in_full_only_where_it_changed(prices: str) -> None:
    for address in (
        "/catalog.jsonld",
        "/datasets/prices.jsonld",
        "/sitemap.xml",
        "/sitemap-datasets.xml",
        "/robots.txt",
    ):
        answer = Client().get(address)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Last-Modified" not in answer.headers
        assert not answer.cookies
        again = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    etag = Client().get("/catalog.jsonld").headers["ETag"]
    change_about(slug="prices", said=SaidAbout(tags=["bread"]))
    assert Client().get("/catalog.jsonld", headers={"If-None-Match": etag}).status_code == 200


def test_a_draft_is_nowhere_not_even_for_staff(prices: str, pipeline: Pipeline, admin_client: Client) -> None:
    draft(pipeline)
    for address in ("/catalog.jsonld", "/sitemap-datasets.xml"):
        text = admin_client.get(address).content.decode()
        assert "prices" in text
        assert "secret" not in text
        assert "_draft_1" not in text
    assert admin_client.get("/datasets/secret.jsonld").status_code == 404
    assert admin_client.get("/datasets/_draft_1.jsonld").status_code == 404
    page = admin_client.get("/datasets/_draft_1/").content.decode()
    assert "ld+json" not in page


def test_sitemap_leads_to_every_dataset(prices: str) -> None:
    Dataset.objects.update(established_at=datetime(2026, 1, 2, tzinfo=UTC))
    parts = located(Client().get("/sitemap.xml").content)
    assert parts == [f"{BASE}/sitemap-datasets.xml", f"{BASE}/sitemap-pages.xml"]
    found = [each for part in parts for each in located(Client().get(part.removeprefix(BASE)).content)]
    assert found == [f"{BASE}{path}" for path in ("/datasets/prices/", "/", "/datasets/", "/api/docs")]
    for address, status in (
        ("/sitemap-nothing.xml", 404),
        ("/sitemap-datasets.xml?p=2", 404),
        ("/sitemap-datasets.xml?p=x", 400),
        ("/sitemap.xml?page=1", 400),
    ):
        assert Client().get(address).status_code == status


def test_robots_are_kept_out_of_what_costs(prices: str) -> None:
    text = Client().get("/robots.txt").content.decode()
    assert text.endswith(f"\nSitemap: {BASE}/sitemap.xml\n")
    for kept_out in (
        "/datasets/prices/?price=1",
        "/datasets/prices/chart/",
        "/api/datasets/prices/rows",
        "/sql/",
        "/admin/",
    ):
        assert not may_look(text, kept_out), kept_out
    for let_in in ("/", "/datasets/", "/datasets/?page=2", "/datasets/prices/", "/api/docs", "/catalog.jsonld?page=2"):
        assert may_look(text, let_in), let_in
    assert may_look(text, "/sitemap-datasets.xml?p=2")
    assert may_look(text, "/datasets/prices.jsonld")


def may_look(robots: str, address: str) -> bool:
    """By RFC 9309: the longest rule that fits holds; of an allowance and a ban of one length the allowance."""
    fitting = [(0, True)]
    for line in robots.splitlines():
        word, _, path = line.partition(": ")
        if word in ("Allow", "Disallow"):
            pattern = re.escape(path).replace(r"\*", ".*").replace(r"\$", "$")
            if re.match(pattern, address):
                fitting.append((len(path), word == "Allow"))
    return max(fitting)[1]


@override_settings(IN_SEARCH_ENGINES=False)
def test_a_site_that_is_not_to_be_found_says_so(prices: str) -> None:
    assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert Client().get("/sitemap.xml").status_code == 404
    assert Client().get("/sitemap-datasets.xml").status_code == 404
    assert 'ld+json">' not in Client().get("/datasets/prices/").content.decode().partition("</head>")[0]
    assert '<meta name="robots" content="noindex">' in Client().get("/").content.decode()


def test_a_data_package_says_licence_and_tags(prices: str) -> None:
    answer = Client().get("/api/datasets/prices/rows?_format=datapackage")
    package = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    described = json.loads(package.read("datapackage.json"))
    assert described["keywords"] == ["food", "prices"]
    assert described["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "Creative Commons Attribution 4.0",
        }
    ]
    assert described["description"].startswith("What 40 shops")
    assert described["contributors"] == [{"title": "City of Ghent", "role": "publisher"}]


def test_from_when_to_when_its_rows_are_is_known_from_their_profiles(pipeline: Pipeline) -> None:
    pipeline.load("shop;day\na;2024-02-29\nb;2020-01-31\n", "days.csv", dataset="days")
    pipeline.load("shop;day\nc;2025-03-01\n", "more.csv", dataset="days")

    def covered() -> tuple[Any, Any]:
        [dataset] = of_type(Client().get("/datasets/days.jsonld").json(), "dcat:Dataset")
        return on_page(Client().get("/datasets/days/").text).get("temporalCoverage"), dataset.get("dct:temporal")

    assert covered() == (None, None), "nothing is counted yet"
    make_profiles()
    last = {"@type": "xsd:date", "@value": "2025-03-01"}
    first = {"@type": "xsd:date", "@value": "2020-01-31"}
    period = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    assert covered() == ("2020-01-31/2025-03-01", period)
    add_column(slug="days", label="asked on", type_="date", description="", user_id=None)
    assert covered() == (None, None), "of two nobody knows which is meant"


def test_programs_ask_for_the_datasets_of_a_tag(prices: str, pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "trees.csv")

    def found(*tags: str) -> list[str]:
        answer = Client().get("/api/datasets", {"_tag": list(tags)})
        return [each["slug"] for each in answer.json()["datasets"]]

    assert found() == ["prices", "trees"]
    assert found("Food") == ["prices"]
    assert found("food", "prices") == ["prices"]
    assert found("food", "trees") == []
    refused = Client().get("/api/datasets", {"_tag": "x" * 41}).json()["error"]
    assert (refused["code"], "too long for a tag" in refused["message"]) == ("bad_parameter", True)
    assert Client().get("/api/datasets", {"tag": "food"}).status_code == 400


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own affair
def test_turtle_says_what_json_ld_says(prices: str, pipeline: Pipeline) -> None:
    change_about(slug="prices", said=SaidAbout(description='Bread,\n"daily" \\ ^^xsd:date . ' * 3))
    pipeline.load("shop;day\na;2024-02-29\n", "days.csv")
    make_profiles()
    for address in ("/catalog", "/datasets/prices", "/datasets/days"):
        answer = Client().get(f"{address}.ttl")
        assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
        turtle = Graph().parse(data=answer.text, format="turtle")
        document = Client().get(f"{address}.jsonld").text
        assert isomorphic(turtle, Graph().parse(data=document, format="json-ld")), address
        assert len(turtle) > 20
    assert Client().get("/catalog.ttl?page=2").status_code == 404
