"""A token does what it was made for, over API and tus, and never more than its person may at that moment."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, basic, bearer, make_user
from tests.integration.tus.client import OFFSET_TYPE, Answer, metadata, tus
from uploads.api.callers import CallerAuth
from uploads.api.operations import api
from uploads.api.scopes import scope_needed
from uploads.models import AccessToken, UploadedFile
from uploads.services.scopes import SCOPES, ScopeKind, parse_scopes
from uploads.services.tokens.secrets import LENGTH, PREFIX, is_well_formed, new_secret
from uploads.services.tokens.tokens import make_token, revoke_token, use_token
from uploads.tabular.errors import BadOption

GOOD = "Area;Year\nNorth;2020\nSouth;2021\n"


@pytest.fixture
def ana(transactional_db: None) -> User:
    """Tus looks for her token in a session of its own."""
    return make_user("ana", *EVERY_ACT)


def send(client: Client, headers: dict[str, str], **fields: str) -> Any:
    return client.post("/api/files", {"file": SimpleUploadedFile("x.csv", GOOD.encode()), **fields}, headers=headers)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def create(headers: dict[str, str], **said: str) -> Answer:
    return tus(
        "POST", "/files/", {"Upload-Length": "3", "Upload-Metadata": metadata(filename="x.csv", **said), **headers}
    )


def test_secret_has_a_prefix_a_length_and_a_checksum_by_which_scanners_know_it() -> None:
    secret = new_secret()
    assert re.fullmatch(rf"{PREFIX}[0-9A-Za-z]{{49}}", secret)
    assert len(secret) == LENGTH
    assert is_well_formed(secret)
    other = "a" if secret[12] != "a" else "b"
    assert not is_well_formed(f"{secret[:12]}{other}{secret[13:]}")
    assert not is_well_formed(secret[:-1])


def test_database_has_the_hash_and_not_the_token(ana: User) -> None:
    made = make_token(user=ana, scopes=["upload"])
    kept = " ".join(str(value) for value in AccessToken.objects.values_list().get())
    assert made.secret not in kept
    assert made.secret[len(PREFIX) + 4 :] not in kept


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (["manage", "upload"], ["upload", "manage"]),
        (["read:prices", "read:prices"], ["read:prices"]),
        ([" upload:prices "], ["upload:prices"]),
    ],
)
def test_scopes_are_read_each_once_in_their_order(said: list[str], found: list[str]) -> None:
    assert list(map(str, parse_scopes(said))) == found


@pytest.mark.parametrize("said", [[], ["write"], ["manage:prices"], ["read:"], [""]])
def test_scope_that_is_none_is_refused_with_those_there_are(said: list[str]) -> None:
    with pytest.raises(BadOption):
        parse_scopes(said)


def test_upload_token_sends_as_its_person_and_reads_nothing(ana: User, client: Client) -> None:
    headers = bearer(ana, "upload")
    sent = send(client, headers)
    assert sent.status_code == 201
    file = UploadedFile.objects.get(pk=sent.json()["id"])
    assert (file.uploaded_by_id, file.visitor, file.activate) == (ana.pk, "", True)
    refused = client.get("/api/files", headers=headers)
    assert code(refused) == (403, "missing_scope")
    assert "“read”" in refused.json()["error"]["message"]
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="Uploader", error="insufficient_scope", scope="read"'
    assert code(client.get("/api/datasets", headers=headers)) == (403, "missing_scope")
    assert code(client.delete(f"/api/files/{file.pk}", headers=headers)) == (403, "missing_scope")


def test_upload_token_for_one_dataset_sends_there_and_nowhere_else(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(GOOD, "prices.csv")
    headers = bearer(make_user("ana", *EVERY_ACT), "upload:prices")
    unsaid = send(client, headers)
    assert unsaid.status_code == 201
    assert UploadedFile.objects.get(pk=unsaid.json()["id"]).dataset_wanted == "prices"
    assert send(client, headers, dataset="prices").status_code == 201
    assert code(send(client, headers, dataset="costs")) == (403, "missing_scope")
    assert create(headers, dataset="costs").status == 403
    assert create(headers).status == 201


def test_read_token_for_one_dataset_sees_no_other(pipeline: Pipeline, client: Client) -> None:
    for name in ("prices.csv", "costs.csv"):
        pipeline.load(GOOD, name, dataset=name[:-4])
    headers = bearer(make_user("ana", *EVERY_ACT), "read:prices")
    assert client.get("/api/datasets/prices/rows", headers=headers).status_code == 200
    there, never = (client.get(f"/api/datasets/{slug}/rows", headers=headers) for slug in ("costs", "never"))
    assert code(there) == code(never) == (404, "dataset_not_found")
    listed = client.get("/api/datasets", headers=headers).json()["datasets"]
    assert [dataset["slug"] for dataset in listed] == ["prices"]
    assert code(client.get("/api/files", headers=headers)) == (403, "missing_scope")
    assert code(client.get("/api/sql?query=SELECT 1", headers=headers)) == (403, "missing_scope")
    assert code(send(client, headers)) == (403, "missing_scope")


def test_read_token_sees_what_its_person_sees_and_changes_nothing(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(GOOD, "prices.csv")
    ana = make_user("ana", *EVERY_ACT)
    headers = bearer(ana, "read")
    assert client.get(f"/api/files/{receipt.file_id}", headers=headers).status_code == 200
    assert code(client.post(f"/api/files/{receipt.file_id}/deactivate", headers=headers)) == (403, "missing_scope")
    assert client.get(f"/api/files/{receipt.file_id}", headers=headers).json()["can"]["deactivate"] is False


def test_manage_token_may_what_its_person_may_at_that_moment(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(GOOD, "prices.csv")
    ana = make_user("ana", *EVERY_ACT)
    headers = bearer(ana, "manage")
    assert client.post(f"/api/files/{receipt.file_id}/deactivate", headers=headers).status_code == 200
    ana.user_permissions.clear()
    assert code(client.post(f"/api/files/{receipt.file_id}/activate", headers=headers)) == (403, "not_allowed")
    ana.is_active = False
    ana.save()
    closed = client.get("/api/files", headers=headers)
    assert code(closed) == (401, "wrong_token")
    assert "closed" in closed.json()["error"]["message"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("unknown", "not known"),
        ("mistyped", "not known"),
        ("ended", "ended on"),
        ("revoked", "was revoked"),
        ("closed", "is closed"),
    ],
)
def test_token_that_is_none_is_refused_everywhere_and_taken_for_nobody(
    ana: User, client: Client, fault: str, words: str
) -> None:
    made = make_token(user=ana, scopes=["manage"])
    secret = made.secret
    match fault:
        case "unknown":
            secret = new_secret()
        case "mistyped":
            secret = secret[:-1]
        case "ended":
            AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "revoked":
            revoke_token(token_id=made.facts.token_id)
        case "closed":
            User.objects.update(is_active=False)
    headers = {"Authorization": f"bearer {secret}"}
    for response in (client.get("/api/datasets", headers=headers), send(client, headers)):
        assert code(response) == (401, "wrong_token")
        assert words in response.json()["error"]["message"]
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="Uploader", error="invalid_token"'
    answer = create(headers)
    assert (answer.status, answer.code) == (401, "wrong_token")
    assert words in answer.body.decode()
    assert answer.headers["www-authenticate"] == 'Bearer realm="Uploader", error="invalid_token"'
    assert not UploadedFile.objects.exists()
    if fault not in ("unknown", "mistyped"):
        assert AccessToken.objects.get().last_used_at is None


def test_upload_by_tus_is_its_persons_and_goes_on_with_any_token_of_theirs(ana: User) -> None:
    location = create(bearer(ana, "upload")).location
    part = {"Upload-Offset": "0", "Content-Type": OFFSET_TYPE}
    assert tus("PATCH", location, part, [b"a,b"]).status == 404, "nobody's"
    assert tus("PATCH", location, part | bearer(make_user("ben"), "upload"), [b"a,b"]).status == 404, "another's"
    assert tus("PATCH", location, part | bearer(ana, "read"), [b"a,b"]).status == 403
    assert tus("HEAD", location, bearer(ana, "manage")).offset == 0
    assert tus("PATCH", location, part | bearer(ana, "upload"), [b"a,b"]).offset == 3
    file = UploadedFile.objects.get()
    assert (file.uploaded_by_id, file.via) == (ana.pk, "tus"), "a program's, not sent on the page"


def test_last_use_is_noted_once_a_minute_at_most(ana: User) -> None:
    secret = make_token(user=ana, scopes=["read"]).secret
    use_token(secret)
    first = AccessToken.objects.get().last_used_at
    use_token(secret)
    assert AccessToken.objects.get().last_used_at == first
    earlier = timezone.now() - timedelta(seconds=61)
    AccessToken.objects.update(last_used_at=earlier)
    use_token(secret)
    assert AccessToken.objects.get().last_used_at != earlier


def test_token_needs_no_other_proof_where_a_browser_does(ana: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("ben", *EVERY_ACT))
    assert code(send(browser, {"Origin": "http://elsewhere.example"})) == (403, "csrf_failed")
    sent = send(browser, {"Origin": "http://elsewhere.example", **bearer(ana, "upload")})
    assert sent.status_code == 201
    assert UploadedFile.objects.get().uploaded_by_id == ana.pk, "the token's person, whatever cookies come with it"


def test_name_and_password_are_not_taken_unless_a_setting_says_so(ana: User, client: Client, settings: Any) -> None:
    assert client.get("/api/files", headers=basic("ana")).status_code == 200
    settings.HTTP_BASIC = False
    refused = client.get("/api/files", headers=basic("ana"))
    assert code(refused) == (401, "wrong_credentials")
    assert "token" in refused.json()["error"]["hint"]
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="Uploader"'


def test_documentation_names_the_scope_of_each_operation() -> None:
    described = api.get_openapi_schema()
    assert described["components"]["securitySchemes"]["CallerAuth"]["scheme"] == "bearer"
    scopes = {
        (method, path): way[CallerAuth.__name__]
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for way in operation.get("security", ())
        if CallerAuth.__name__ in way
    }
    assert scopes["post", "/api/files"] == ["upload"]
    assert scopes["get", "/api/datasets/{slug}/rows"] == ["read"]
    assert scopes["post", "/api/datasets/{slug}/exports"] == ["read"]
    assert scopes["post", "/api/tables/adopt"] == ["manage"]
    assert {kind for kinds in scopes.values() for kind in kinds} == {str(kind) for kind in SCOPES}
    changing = [kinds for (method, _), kinds in scopes.items() if method in ("put", "patch", "delete")]
    assert all(kinds == ["manage"] for kinds in changing)


@pytest.mark.parametrize(
    ("method", "route", "kind", "of_all"),
    [
        ("GET", "api/datasets/<slug>/rows", ScopeKind.READ, False),
        ("GET", "api/exports/<token>/file", ScopeKind.READ, False),
        ("GET", "api/files/<int:file_id>/lines", ScopeKind.READ, True),
        ("GET", "api/files/<int:file_id>/as-in-file", ScopeKind.READ, True),
        ("GET", "api/sql", ScopeKind.READ, True),
        ("POST", "api/datasets/<slug>/exports", ScopeKind.READ, False),
        ("POST", "api/files", ScopeKind.UPLOAD, False),
        ("POST", "api/files/<int:file_id>/add", ScopeKind.MANAGE, False),
        ("GET", "api/tables", ScopeKind.MANAGE, False),
        ("GET", "api/news/subscriptions/<int:subscription_id>", ScopeKind.MANAGE, False),
        ("GET", "api/news/sent", ScopeKind.MANAGE, False),
    ],
)
def test_each_operation_asks_for_one_scope(method: str, route: str, kind: ScopeKind, *, of_all: bool) -> None:
    needed = scope_needed(method=method, route=route)
    assert (needed.kind, needed.of_all) == (kind, of_all)
