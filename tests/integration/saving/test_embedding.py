"""Frames of other sites: only at the embed addresses, for the origins of the setting, of what anybody may see."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from tests.integration.saving.test_dashboards import place, sales
from tests.integration.staff import make_user
from uploader_project.environment.origins import parse_origins
from uploads.models import Dataset

__all__ = ["sales"]
VIEW, DASHBOARD = "/datasets/sales/views/area/", "/datasets/sales/dashboard/"
ORIGINS = ["https://example.org", "https://*.example.net"]


def closed(answer: Any) -> bool:
    policy = answer.headers["Content-Security-Policy"]
    return "frame-ancestors 'none'" in policy and answer.headers["X-Frame-Options"] == "DENY"


def test_nobody_may_by_default(sales: Dataset, client: Client) -> None:
    place(sales, "area")
    for address in (VIEW, DASHBOARD):
        assert closed(client.get(f"{address}embed/"))
        assert "iframe" not in client.get(address).text


@override_settings(EMBED_ORIGINS=ORIGINS)
def test_embed_addresses_name_the_origins_and_all_others_stay_closed(sales: Dataset, client: Client) -> None:
    place(sales, "area")
    client.force_login(make_user("ana", "change_dataset", "view_uploadedfile"))
    for address in (VIEW, DASHBOARD):
        answer = client.get(f"{address}embed/")
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://example.org https://*.example.net" in policy
        assert "script-src 'self'" in policy
        assert "X-Frame-Options" not in answer.headers
        assert not answer.cookies
        assert '<td class="number">17</td>' in answer.text
        assert "<form" not in answer.text
        page = client.get(address)
        assert closed(page)
        assert f"&lt;iframe src=&quot;http://testserver{address}embed/&quot;" in page.text
    for other in ("/datasets/sales/", "/", "/datasets/sales/views/", "/datasets/sales/views/nothing/embed/"):
        assert closed(client.get(other))


@override_settings(EMBED_ORIGINS=ORIGINS)
def test_what_is_not_public_is_not_embedded_even_for_staff(sales: Dataset, admin_client: Client) -> None:
    Dataset.objects.update(established_at=None, slug="_draft_x", planned="sales")
    answer = admin_client.get("/datasets/sales/dashboard/embed/")
    assert (answer.status_code, closed(answer)) == (404, True)


def test_setting_takes_origins_and_nothing_else() -> None:
    assert parse_origins(["https://example.org/", "", " http://localhost:8000 "], setting="EMBED_ORIGINS") == [
        "https://example.org",
        "http://localhost:8000",
    ]
    for wrong in ("*", "example.org", "https://a.org; script-src *", "https://a.org/page", "'self'"):
        with pytest.raises(ImproperlyConfigured):
            parse_origins([wrong], setting="EMBED_ORIGINS")
