"""Indexes to search in texts: the planner takes them, they find what is found without, and a server may lack them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.reading.model import fields_at
from tests.integration.reading.test_indexes import jobs, plans
from uploads.database.reading.trigrams import TrigramsMissing, make_trigrams
from uploads.models import ColumnUse
from uploads.services.reading import indexes, uses
from uploads.services.reading.indexes import indexes_of, make_indexes, refuse_index, tend_indexes, want_index
from uploads.services.reading.pages import read_page
from uploads.services.reading.parameters import read_view
from uploads.services.reading.serving import Helper, helpers_of
from uploads.services.reading.uses import MOST_BY_ITSELF, SLOW_PAGES, tell
from uploads.services.visibility import find_dataset
from uploads.states import IndexKind
from uploads.web.offers import quick_pages

TABLE = "place;note;price\nAarhus;harbour;1\nOdense;HARBOUR town;2\nAalborg;;3\n"
WORDS = [
    "Straße",
    "İstanbul",
    "ΣΊΣΥΦΟΣ",
    "sisyphos",
    "naïve",
    "NAÏVE",
    "100%",
    "a_c",
    "back\\slash",
    "日本語",
    "o'neil",
    "ﬁne",
]


@pytest.fixture(autouse=True)
def no_jobs_of_other_tests(transactional_db: None) -> None:
    ProcrastinateJob.objects.all().delete()


@contextmanager
def planner_prefers_bitmaps() -> Iterator[None]:
    """Tables as small as these it would read whole."""
    execute("SET enable_seqscan = off")
    try:
        yield
    finally:
        execute("RESET enable_seqscan")


def made() -> list[str]:
    """What is indexed to be searched in, of all parts."""
    found = rows(
        "SELECT pg_get_indexdef(x.indexrelid, 1, true) FROM pg_index x JOIN pg_class i ON i.oid = indexrelid"
        " WHERE i.relname ~ '_trg[0-9]+$' AND i.relnamespace = 'data'::regnamespace AND x.indisvalid ORDER BY 1"
    )
    return [re.sub(r"lower\((\w+) COLLATE pg_c_utf8\)", r"\1", text) for (text,) in found]


def want(*names: str) -> int:
    dataset = find_dataset(slug="all")
    for name in names:
        want_index(dataset=dataset, name=name, kind=IndexKind.SEARCH)
    return make_indexes(dataset_id=dataset.pk)


def found(**sent: str) -> list[int]:
    view = read_view({name: [text] for name, text in sent.items()}, fields=fields_at("all"))
    return [row.row for row in read_page(slug="all", view=view).rows]


def test_what_is_within_a_text_is_read_from_the_index(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "all.csv")
    with planner_prefers_bitmaps(), plans() as bare:
        assert found(note__icontains="Harbour") == [2, 3]
    assert want("place", "note") == 2
    with planner_prefers_bitmaps(), plans() as indexed:
        assert found(note__icontains="Harbour") == [2, 3]
        assert found(note__contains="HARB") == [3]
        assert found(place__startswith="Aal") == [4]
        assert found(_q="harb aarhus") == [2]
    assert not any("_trg" in plan for plan in bare)
    assert all("_trg" in plan for plan in indexed)
    assert indexed[-1].count("_trg") >= 2, "a word in each of the columns"
    with planner_prefers_bitmaps(), plans() as short:
        assert found(note__icontains="to") == [3]
    assert not any("_trg" in plan for plan in short), "an index on threes of letters knows no two"


def test_the_same_rows_are_found_with_and_without(pipeline: Pipeline) -> None:
    pipeline.load("n;text\n" + "".join(f"{n};{word}\n" for n, word in enumerate(WORDS)), "all.csv")
    pieces = st.sampled_from(WORDS).flatmap(
        lambda word: st.integers(0, max(0, len(word) - 3)).flatmap(
            lambda start: st.sampled_from([word[start:], word[start:].upper(), word[start:].lower(), word.title()])
        )
    )

    @given(pieces, st.sampled_from(["icontains", "contains", "startswith"]))
    def check(piece: str, how: str) -> None:
        sent = {f"text__{how}": piece}
        ColumnUse.objects.update(obstacle="not now")
        plain = found(**sent)
        ColumnUse.objects.update(obstacle="")
        with planner_prefers_bitmaps():
            assert found(**sent) == plain

    assert want("text") == 1
    check()


def test_they_follow_files_and_go_when_nobody_uses_them(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "all.csv", dataset="all")
    assert want("place") == 1
    pipeline.load(TABLE.replace("Odense", "Ribe"), "all.csv", dataset="all")
    assert made() == ["place", "place"]
    dataset = find_dataset(slug="all")
    want_index(dataset=dataset, name="place")
    make_indexes(dataset_id=dataset.pk)
    refuse_index(dataset=dataset, name="place")
    assert made() == ["place", "place"], "the other kind is left alone"
    ColumnUse.objects.update(indexed_at=None)
    assert tend_indexes() == 2
    assert made() == []


def test_many_slow_searches_have_them_made(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "all.csv")
    dataset = find_dataset(slug="all")
    tell({(dataset.pk, Helper(name=name, kind=IndexKind.SEARCH)): SLOW_PAGES for name in ("place", "note")})
    assert jobs() == [{"dataset_id": dataset.pk}]
    make_indexes(dataset_id=dataset.pk)
    assert made() == ["note", "place"]


def test_a_search_takes_the_indexes_of_all_its_columns(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(TABLE, "all.csv")

    def helped(**sent: str) -> list[str]:
        view = read_view({name: [text] for name, text in sent.items()}, fields=fields_at("all"))
        return [f"{each.kind}:{each.name}" for each in helpers_of(view)]

    assert helped(_q="harbour") == ["search:place", "search:note"]
    assert helped(_q="harbour 12") == ["search:place", "search:note"], "no index serves 12 in a text"
    assert helped(_q="2024") == ["search:place", "search:note", "order:price"]
    assert helped(_sort="price", place__icontains="aar", price="1") == ["order:price", "search:place"]
    monkeypatch.setattr(uses, "SLOW_SECONDS", 0.0)
    monkeypatch.setattr(uses, "_counts", uses._Counts())
    columns = [f"c{number}" for number in range(MOST_BY_ITSELF + 1)]
    pipeline.load(f"{';'.join(columns)}\n{';'.join('abcdef')}\n", "wide.csv")
    view = read_view({"_q": ["harbour"]}, fields=fields_at("wide"))
    for _ in range(SLOW_PAGES):
        read_page(slug="wide", view=view)
    assert jobs() == [], "more than are made by themselves"


def test_by_a_click_and_by_command(
    admin_client: Client, pipeline: Pipeline, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(TABLE, "all.csv")
    monkeypatch.setattr(quick_pages, "SLOW_SECONDS", 0.0)
    page = admin_client.get("/datasets/all/?_q=harbour").text
    assert "With indexes on 2 columns it would come at once." in page
    offered = re.findall(r'name="index" value="([^"]+)"', page)
    assert offered == ["search:place", "search:note"]
    edit = "/datasets/all/columns/edit/"
    answer = admin_client.post(edit, {"act": "index", "index": offered}, follow=True).text
    assert "A search index on “place” and “note” is made in the background" in answer
    assert make_indexes(dataset_id=find_dataset(slug="all").pk) == 2
    assert "It has a search index," in admin_client.get(edit).text
    assert "With indexes" not in admin_client.get("/datasets/all/?_q=harbour").text
    for wrong in ("search:", "other:place", ""):
        assert "no index" in admin_client.post(edit, {"act": "index", "index": wrong}, follow=True).text
    refused = admin_client.post(edit, {"act": "index", "index": "search:price"}, follow=True).text
    assert "“price” is no text" in refused
    admin_client.post(edit, {"act": "drop_index", "index": "search:note"})
    assert made() == ["place"]
    call_command("dataset_indexes", "all", "note", "--search")
    assert "note: It has a search index" in capsys.readouterr().out
    call_command("dataset_indexes", "all", "note", "--search", "--drop")
    assert made() == ["place"]
    with pytest.raises(CommandError, match="no text"):
        call_command("dataset_indexes", "all", "price", "--search")


@contextmanager
def no_extension() -> Iterator[None]:
    """A role that may not make it, as on a server where somebody else has to."""
    execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
    execute("CREATE ROLE trigram_test")
    try:
        yield
    finally:
        execute("DROP ROLE trigram_test")


def make_as_a_weak_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE trigram_test")
        try:
            return make_trigrams()
        finally:
            cursor.execute("RESET ROLE")


def test_a_server_without_the_extension_is_told_of(
    admin_client: Client, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(TABLE, "all.csv", dataset="all")
    want("place")
    with no_extension():
        monkeypatch.setattr(indexes, "make_trigrams", make_as_a_weak_role)
        with pytest.raises(TrigramsMissing):
            want("note")
        edit = "/datasets/all/columns/edit/"
        answer = admin_client.post(edit, {"act": "index", "index": "search:note"}, follow=True).text
        assert "CREATE EXTENSION pg_trgm;" in answer
        monkeypatch.setattr("uploads.database.reading.indexes.make_trigrams", make_as_a_weak_role)
        pipeline.load(TABLE.replace("Odense", "Ribe"), "all.csv", dataset="all")
        assert found(place__icontains="ribe") == [3], "the file is loaded, and found by reading all rows"
        [index] = [each for each in indexes_of(find_dataset(slug="all")) if each.obstacle]
        assert (index.name, index.is_wanted) == ("place", False)
        assert "No search index: the database has no extension pg_trgm" in admin_client.get(edit).text
    monkeypatch.undo()
    assert want("place") == 2, "somebody has added it since"
