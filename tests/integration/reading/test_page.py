"""The page of a dataset takes the views that the API takes."""

import html

from django.test import Client

from tests.integration.conftest import Pipeline

PAGE = "/datasets/prices/"


def test_page_shows_a_view_with_ways_out_of_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;10\nSouth;30\nEast;20\n", "prices.csv")
    text = html.unescape(client.get(PAGE, {"price__gt": "11", "_sort": "-price"}).text)
    assert text.index(">South<") < text.index(">East<")
    assert ">North<" not in text
    assert "Rows with this filter: 2." in text
    assert 'href="/datasets/prices/?_sort=-price" aria-label="Remove the filter price > 11"' in text
    assert 'aria-sort="descending"' in text
    assert 'href="/datasets/prices/?price__gt=11&_sort=area"' in text
    first = html.unescape(client.get(PAGE, {"_sort": "price", "limit": "2"}).text)
    assert 'rel="next" href="/datasets/prices/?_sort=price&limit=2&after=s.' in first
    assert "No rows match." in client.get(PAGE, {"price__gt": "99"}).text


def test_page_refuses_what_it_does_not_know_and_leads_back_without_it(pipeline: Pipeline, client: Client) -> None:
    pipeline.load("area;price\nNorth;10\n", "prices.csv")
    answer = client.get(PAGE, {"prise__gt": "1", "_sort": "price"})
    assert answer.status_code == 400
    text = html.unescape(answer.text)
    assert "Did you mean “price__gt”?" in text
    assert 'href="/datasets/prices/?_sort=price"' in text
