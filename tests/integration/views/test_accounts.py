"""People with an account sign in, come back, see and manage their own files, change their password, sign out."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.staff import PASSWORD, make_user
from uploads.models import UploadedFile

pytestmark = pytest.mark.django_db
TABLE = b"id;name\n1;one\n"


@pytest.fixture
def mia() -> Client:
    """A member's browser."""
    make_user("mia", is_staff=False)
    client = Client()
    sign_in(client)
    return client


def sign_in(client: Client, name: str = "mia", password: str = PASSWORD, next_page: str = "") -> str:
    """Where it leads; empty where it was refused."""
    client.get("/sign-in/")
    answer = client.post("/sign-in/", {"username": name, "password": password, "next": next_page})
    return answer.headers.get("Location", "")


def send(client: Client, name: str) -> UploadedFile:
    answer = client.post("/", {"file": SimpleUploadedFile(name, TABLE)})
    return UploadedFile.objects.get(token=answer.headers["Location"].split("/")[2])


def names(client: Client) -> set[str]:
    """The files of the list, as the page and as its script see them."""
    listed = {file["name"] for file in client.get("/api/files?mine=1").json()["files"]}
    assert listed == set(re.findall(r'class="file-name" href="[^"]+">([^<]+)<', client.get("/").text))
    return listed


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/datasets/?a=1", "/datasets/?a=1"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_back_on_this_site_alone(asked: str, leads: str) -> None:
    make_user("mia", is_staff=False)
    assert sign_in(Client(), next_page=asked) == leads


def test_wrong_name_and_wrong_password_get_the_same_sentence() -> None:
    make_user("mia", is_staff=False)
    closed = make_user("old", is_staff=False)
    closed.is_active = False
    closed.save()
    for name, password in (("mia", "nope"), ("nobody", PASSWORD), ("old", PASSWORD)):
        answer = Client().post("/sign-in/", {"username": name, "password": password})
        assert answer.status_code == 200
        assert "The name or the password is wrong." in answer.text


def test_forms_of_other_sites_sign_nobody_in_or_out(mia: Client) -> None:
    forged = Client(enforce_csrf_checks=True)
    assert forged.post("/sign-in/", {"username": "mia", "password": PASSWORD}).status_code == 403
    forged.cookies = mia.cookies
    assert forged.post("/sign-out/").status_code == 403
    assert mia.get("/sign-out/").status_code == 405
    assert "Sign out" in mia.get("/").text


@pytest.mark.parametrize(
    "address", ["/", "/datasets/", "/password/", "/no-such-page/", "/receipts/nothing/", "/sign-in/"]
)
def test_every_page_says_who_is_signed_in_and_has_the_way_out(mia: Client, address: str) -> None:
    page = mia.get(address).text
    assert "Signed in as mia" in page
    assert 'action="/sign-out/"' in page
    assert f'href="/sign-in/?next={address}"' in Client().get(address).text or address in ("/password/", "/sign-in/")


def test_members_see_and_manage_their_own_files_alone(mia: Client) -> None:
    other = Client()
    other.get("/")
    theirs = send(other, "theirs.csv")
    mine = send(mia, "mine.csv")
    assert names(mia) == {"mine.csv"}
    assert "Your files" in mia.get("/").text
    second = Client()
    sign_in(second)
    assert names(second) == {"mine.csv"}, "in every browser"
    assert second.post(f"/api/files/{theirs.pk}/withdraw").status_code == 404
    assert second.get(f"/receipts/{mine.token}/read-again/").status_code == 200
    assert second.post(f"/api/files/{mine.pk}/withdraw").status_code == 200
    assert names(mia) == set()


def test_after_signing_out_the_next_at_the_browser_sees_only_what_was_sent_without_an_account() -> None:
    make_user("mia", is_staff=False)
    make_user("bob", is_staff=False)
    client = Client()
    client.get("/")
    send(client, "before.csv")
    sign_in(client)
    assert names(client) == {"before.csv"}, "still theirs in this browser"
    mine = send(client, "mine.csv")
    assert names(client) == {"before.csv", "mine.csv"}
    done = client.post("/sign-out/", follow=True)
    assert "You are signed out." in done.text
    assert names(client) == {"before.csv"}
    assert client.get(f"/api/files/{mine.pk}").status_code == 404
    assert client.post(f"/api/files/{mine.pk}/withdraw").status_code == 404
    sign_in(client, "bob")
    assert names(client) == {"before.csv"}


def test_password_is_changed_and_the_old_one_is_over(mia: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    new = "a much better one 7"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    wrong = mia.post("/password/", {**fields, "old_password": "nope"})
    assert "field-error" in wrong.text
    done = mia.post("/password/", fields, follow=True)
    assert "Your password is changed." in done.text
    assert "Signed in as mia" in done.text
    assert "Signed in as mia" not in elsewhere.get("/").text
    assert (sign_in(Client()), sign_in(Client(), password=new)) == ("", "/")


def test_changing_the_password_asks_to_sign_in_first() -> None:
    assert Client().get("/password/").headers["Location"] == "/sign-in/?next=/password/"


def test_refusal_leads_to_signing_in_and_back(mia: Client) -> None:
    file = send(mia, "mine.csv")
    page = f"/receipts/{file.token}/read-again/"
    refused = Client().get(page)
    assert refused.status_code == 401
    assert f'href="/sign-in/?next={page.replace("/", "%2F")}">Sign in</a>' in refused.text
    stranger = make_user("bob", is_staff=False)
    signed_in = Client()
    signed_in.force_login(stranger)
    refused = signed_in.get(page)
    assert refused.status_code == 403
    assert f'href="/sign-in/?next={page.replace("/", "%2F")}">Sign in with another account</a>' in refused.text


def test_refused_form_leads_back_to_its_page_and_not_to_another_site(mia: Client) -> None:
    receipt = f"/receipts/{send(mia, 'mine.csv').token}/"
    for came_from, back in (
        (f"http://testserver{receipt}", receipt.replace("/", "%2F")),
        ("http://testserver.evil.example/x", "%2F"),
        ("", "%2F"),
    ):
        refused = Client().post(f"{receipt}withdraw/", headers={"Referer": came_from})
        assert refused.status_code == 401
        assert f'href="/sign-in/?next={back}">' in refused.text


def test_admin_keeps_its_own_sign_in_for_staff(mia: Client) -> None:
    assert Client().get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert "not authorized" in mia.get("/admin/", follow=True).text.replace("authorised", "authorized")
    assert ">Admin</a>" not in mia.get("/").text
