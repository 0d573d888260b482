"""Parts of pages are made once for what they show, and for nothing else."""

from collections.abc import Hashable
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import set_script_prefix

from uploads.web import kept
from uploads.web.kept import Kept

PART = "partials/facet_form.html"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was made."""
    found: list[dict[str, Any]] = []

    def note(template: str, shown: dict[str, Any]) -> str:
        found.append(shown)
        return render_to_string(template, shown)

    monkeypatch.setattr(kept, "render_to_string", note)
    return found


def shown(**others: Hashable) -> dict[str, Any]:
    return {"slug": "prices", "query": (("_q", "<b>"),), "columns": (("area", "Area"),), **others}


def test_a_part_is_made_once_for_what_it_shows(made: list[dict[str, Any]]) -> None:
    parts = Kept()
    first = parts.part(PART, shown())
    assert parts.part(PART, shown()) == first
    assert 'action="/datasets/prices/"' in first
    assert "&lt;b&gt;" in first
    assert "Land" in parts.part(PART, shown(columns=(("area", "Land"),)))
    set_script_prefix("/under/")
    try:
        assert 'action="/under/datasets/prices/"' in parts.part(PART, shown())
    finally:
        set_script_prefix("/")
    assert len(made) == 3


def test_parts_that_nobody_saw_for_longest_are_let_go(made: list[dict[str, Any]]) -> None:
    parts = Kept(most=2 * len(Kept().part(PART, shown(slug="a"))))
    made.clear()
    for slug in ("a", "b", "a", "c", "a", "b"):
        parts.part(PART, shown(slug=slug))
    assert [each["slug"] for each in made] == ["a", "b", "c", "b"]


def test_a_template_shows_a_part_with_nothing_but_what_it_is_given() -> None:
    template = Template('{% load kept %}{% kept "partials/facet_form.html" slug=slug query=none columns=columns %}')
    page = template.render(Context({"slug": "prices", "none": (), "columns": (("a", "<A>"),), "query": (("x", "y"),)}))
    assert '<option value="a">&lt;A&gt;</option>' in page
    assert "hidden" not in page
