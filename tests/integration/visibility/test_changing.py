"""Who reads a dataset is said on its page, over the API and by command; PostgreSQL's rights change with it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import bearer, make_user
from uploads.database.querying.grants import READER, group_role, signed_in_role, staff_role
from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.rights import change_visibility
from uploads.services.files.activation import activate_file
from uploads.services.files.receipts import describe_token
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import Viewer
from uploads.states import FileState

TEXT = "code;amount\na;1\nb;2\n"
STAFF = ("change_dataset", "view_uploadedfile")


def readers(slug: str) -> set[str]:
    """The roles of ours that have a right on the table."""
    found = rows(
        "SELECT rolname FROM pg_class c, aclexplode(relacl) a JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE c.oid = to_regclass(%s) AND NOT rolsuper",
        f"data.{slug}",
    )
    return {name for (name,) in found}


@pytest.fixture
def prices(pipeline: Pipeline) -> str:
    pipeline.load(TEXT, "prices.csv")
    return "prices"


def visibility(slug: str) -> tuple[str, set[str]]:
    dataset = Dataset.objects.get(slug=slug)
    return dataset.visibility, set(dataset.groups.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("said", "role"),
    [("public", READER), ("signed_in", signed_in_role), ("groups", None)],
    ids=["public", "signed_in", "groups"],
)
def test_setting_says_who_reads_a_new_dataset_and_who_reads_its_table(
    pipeline: Pipeline, settings: Any, said: str, role: Any
) -> None:
    settings.DATASETS_VISIBLE = said
    pipeline.load(TEXT, "prices.csv")
    assert visibility("prices") == (said, set())
    audience = set() if role is None else {role() if callable(role) else role}
    assert readers("prices") == {*audience, staff_role()}


def test_rights_of_the_database_change_in_the_same_transaction(prices: str) -> None:
    group = Group.objects.create(name="Sales")
    before = readers(prices)
    with transaction.atomic():
        change_visibility(slug=prices, visibility="groups", groups=["Sales"])
        assert readers(prices) == {group_role(group.pk), staff_role()}
        transaction.set_rollback(True)
    assert readers(prices) == before
    assert visibility(prices) == ("public", set())
    change_visibility(slug=prices, visibility="groups", groups=["Sales"])
    assert readers(prices) == {group_role(group.pk), staff_role()}
    change_visibility(slug=prices, visibility="signed_in")
    assert readers(prices) == {signed_in_role(), staff_role()}
    assert visibility(prices) == ("signed_in", set())


def test_group_that_is_deleted_leaves_a_dataset_that_staff_alone_read(prices: str) -> None:
    group = Group.objects.create(name="Sales")
    change_visibility(slug=prices, visibility="groups", groups=["Sales"])
    role = group_role(group.pk)
    group.name = "Selling"
    group.save()
    assert readers(prices) == {role, staff_role()}, "it is called by its number"
    group.delete()
    assert not rows("SELECT 1 FROM pg_roles WHERE rolname = %s", role)
    assert visibility(prices) == ("groups", set())
    assert readers(prices) == {staff_role()}


def test_group_whose_role_was_granted_something_else_is_deleted_when_that_is_taken_back(prices: str) -> None:
    """Whoever reads by that role would go on reading: the refusal says what it was granted."""
    group = Group.objects.create(name="Sales")
    change_visibility(slug=prices, visibility="groups", groups=["Sales"])
    role = group_role(group.pk)
    client = Client()
    client.force_login(make_user("boss", is_superuser=True))
    delete = f"/admin/auth/group/{group.pk}/delete/"
    try:
        execute("CREATE FUNCTION public.of_others() RETURNS int LANGUAGE sql RETURN 1")
        execute(f'GRANT EXECUTE ON FUNCTION public.of_others() TO "{role}"')
        answer = client.post(delete, {"post": "yes"})
        assert answer.status_code == 503
        assert "of_others()" in answer.text
        assert readers(prices) == {role, staff_role()}
    finally:
        execute("DROP FUNCTION public.of_others()")
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not rows("SELECT 1 FROM pg_roles WHERE rolname = %s", role)
    assert readers(prices) == {staff_role()}


def test_page_says_who_reads_it_and_changes_it(prices: str) -> None:
    Group.objects.create(name="Sales")
    client = Client()
    client.force_login(make_user("ana", *STAFF))
    page = client.get("/datasets/prices/visibility/").content.decode()
    assert "Who reads this dataset?" in page
    saved = client.post("/datasets/prices/visibility/", {"visibility": "groups", "group": ["Sales"]}, follow=True)
    assert "People in Sales read it" in saved.content.decode()
    assert visibility(prices) == ("groups", {"Sales"})
    assert (
        client.post("/datasets/prices/visibility/", {"visibility": "signed_in", "group": ["Sales"]}).status_code == 302
    )
    assert visibility(prices) == ("signed_in", set())
    wrong = client.post("/datasets/prices/visibility/", {"visibility": "nobody"}, follow=True)
    assert "is no visibility" in wrong.content.decode()
    assert Client().post("/datasets/prices/visibility/", {"visibility": "public"}).status_code == 404


def test_api_says_who_reads_it_and_changes_it(prices: str, client: Client) -> None:
    Group.objects.create(name="Sales")
    headers = bearer(make_user("ana", *STAFF), "manage")
    address = "/api/datasets/prices/visibility"

    def put(**wish: Any) -> Any:
        return client.put(address, json.dumps(wish), content_type="application/json", headers=headers)

    assert client.get(address, headers=headers).json()["visibility"] == "public"
    assert put(visibility="groups", groups=["Sales"]).json()["groups"] == ["Sales"]
    assert put(visibility="groups", groups=["Nobody"]).status_code == 400
    assert put(visibility="public", groups=["Sales"]).status_code == 400
    assert visibility(prices) == ("groups", {"Sales"})
    assert client.put(address, {"visibility": "public"}, content_type="application/json").status_code == 401


def test_command_says_who_reads_it_and_changes_it(prices: str) -> None:
    Group.objects.create(name="Sales")
    out = StringIO()
    call_command("dataset_visibility", "prices", "groups", "--group", "Sales", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"visibility": "groups", "groups": ["Sales"]}
    out = StringIO()
    call_command("dataset_visibility", "prices", stdout=out)
    assert "People in Sales" in out.getvalue()
    for arguments, status in ((("nowhere",), 1), (("prices", "public", "--group", "Sales"), 2)):
        with pytest.raises(CommandError) as refused:
            call_command("dataset_visibility", *arguments, stdout=StringIO())
        assert refused.value.returncode == status


def test_sender_is_not_told_of_the_dataset_whose_columns_the_file_has(pipeline: Pipeline, prices: str) -> None:
    change_visibility(slug=prices, visibility="signed_in")
    anna = Viewer(visitor="anna")
    sent = pipeline.load(
        "code;amount\na;1\nc;3\n",
        "march.csv",
        uploader=Sender(visitor="anna"),
        via=UploadedFile.Via.PAGE,
        activate=None,
        again=False,
    )
    token = UploadedFile.objects.get(pk=sent.file_id).token
    seen = describe_token(token=token, viewer=anna)
    assert seen.state is FileState.LOADED
    assert [load.dataset for load in seen.loads] == ["march"]
    assert (seen.overlaps, seen.columns_open, seen.guards, seen.joins) == ((), (), (), ())
    assert "prices" not in repr(seen)
    activate_file(file_id=sent.file_id)
    assert rows("SELECT count(*) FROM data.prices") == [(4,)]
    seen = describe_token(token=token, viewer=anna)
    assert seen.state is FileState.ACTIVE
    assert "prices" not in repr(seen)
    page = Client().get(f"/receipts/{token}/").content.decode()
    assert "prices" not in page


def loaded_by_anna(pipeline: Pipeline, text: str, name: str, *, dataset: str = "") -> UploadedFile:
    sent = pipeline.load(
        text,
        name,
        uploader=Sender(visitor="anna"),
        via=UploadedFile.Via.PAGE,
        activate=None,
        again=False,
        dataset=dataset,
    )
    return UploadedFile.objects.get(pk=sent.file_id)


def test_what_a_file_has_in_common_with_a_hidden_dataset_is_for_those_who_may_activate_it(
    pipeline: Pipeline, prices: str
) -> None:
    change_visibility(slug=prices, visibility="groups")
    mia, boss = make_user("mia", is_staff=False), make_user("boss", is_superuser=True)
    sent = pipeline.load(
        "code;amount\na;1\nc;3\n",
        "march.csv",
        uploader=Sender(user_id=mia.pk),
        via=UploadedFile.Via.PAGE,
        activate=None,
        again=False,
    )

    def overlaps(user: User) -> dict[str, Any]:
        client = Client()
        client.force_login(user)
        return dict(client.get(f"/api/files/{sent.file_id}/overlaps").json())

    assert overlaps(mia) == {"overlaps": [], "seen": "", "activation_seen": ""}
    assert overlaps(boss)["activation_seen"].startswith("prices:")
    change_visibility(slug=prices, visibility="signed_in")
    assert overlaps(boss)["activation_seen"].startswith("prices:"), "whoever may activate it reads on"


@pytest.mark.parametrize("visible", ["signed_in", "groups"])
def test_sender_is_still_told_of_the_dataset_that_has_the_name_of_the_file(
    pipeline: Pipeline, settings: Any, visible: str
) -> None:
    settings.DATASETS_VISIBLE = visible
    file = loaded_by_anna(pipeline, TEXT, "prices.csv")
    receipt = f"/api/receipts/{file.token}"
    before = Client().get(receipt).json()["loads"][0]
    activate_file(file_id=file.pk)
    after = Client().get(receipt).json()["loads"][0]
    assert [(load["dataset"], load["table"], load["draft"]) for load in (before, after)] == [
        ("prices", "data.prices", True),
        ("prices", "data.prices", False),
    ]
    assert Client().get("/datasets/prices/").status_code == 404
    assert 'href="/datasets/prices/"' not in Client().get(f"/receipts/{file.token}/").content.decode()


def test_sender_is_not_told_another_name_that_the_dataset_took(pipeline: Pipeline, prices: str) -> None:
    change_visibility(slug=prices, visibility="groups")
    file = loaded_by_anna(pipeline, "other;columns\n1;2\n", "prices.csv")
    activate_file(file_id=file.pk)
    assert Dataset.objects.filter(loads__file=file).exclude(slug=prices).exists()
    Dataset.objects.filter(loads__file=file).update(visibility="groups")
    assert [load.dataset for load in describe_token(token=file.token, viewer=Viewer(visitor="anna")).loads] == [None]


def test_receipt_says_who_does_not_read_the_rows_of_an_active_file_and_how_they_may(
    pipeline: Pipeline, prices: str
) -> None:
    file = loaded_by_anna(pipeline, TEXT.replace("b;2", "c;3"), "prices.csv")

    def words(client: Client) -> str:
        return client.get(f"/receipts/{file.token}/").content.decode()

    change_visibility(slug=prices, visibility="signed_in")
    assert "Its rows are active" not in words(Client()), "they are not"
    activate_file(file_id=file.pk)
    mia = Client()
    mia.force_login(make_user("mia", is_staff=False))
    shown = words(Client())
    assert "Its rows are active, but not everybody may read them. <a" in shown
    assert f'href="/sign-in/?next=/receipts/{file.token}/"' in shown
    assert "Its rows are active" not in words(mia)
    change_visibility(slug=prices, visibility="groups")
    assert "Its rows are active, but you may not read them. Ask staff." in words(mia)
    change_visibility(slug=prices, visibility="public")
    assert "Its rows are active" not in words(Client())


def test_list_without_a_dataset_for_everybody_says_that_there_may_be_others(pipeline: Pipeline, prices: str) -> None:
    said = "There is no dataset here that everybody reads."
    assert said not in Client().get("/datasets/").content.decode()
    change_visibility(slug=prices, visibility="signed_in")
    hidden = Client().get("/datasets/").content.decode()
    assert said in hidden
    assert "prices" not in hidden
    mia = Client()
    mia.force_login(make_user("mia", is_staff=False))
    assert said not in mia.get("/datasets/").content.decode()
    change_visibility(slug=prices, visibility="groups")
    assert "There is no dataset yet." in mia.get("/datasets/").content.decode()


def test_sender_who_names_a_dataset_that_is_not_theirs_to_read_learns_nothing_of_it(
    pipeline: Pipeline, prices: str
) -> None:
    def told(dataset: str) -> str:
        sent = pipeline.load(
            "other;columns\n1;2\n",
            "march.csv",
            uploader=Sender(visitor="anna"),
            via=UploadedFile.Via.PAGE,
            activate=None,
            again=False,
            dataset=dataset,
        )
        file = UploadedFile.objects.get(pk=sent.file_id)
        seen = describe_token(token=file.token, viewer=Viewer(visitor="anna"))
        facts = (seen.state, seen.error, [(load.dataset, load.naming, load.columns) for load in seen.loads])
        UploadedFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
        return repr(facts).replace(dataset, "…")

    change_visibility(slug=prices, visibility="groups")
    assert told("prices") == told("never")


def test_bytes_that_are_in_a_hidden_dataset_are_new_to_who_does_not_read_it(pipeline: Pipeline, prices: str) -> None:
    def state_of(sender: Sender) -> str:
        file = pipeline.receive(
            TEXT, "mine.csv", uploader=sender, via=UploadedFile.Via.PAGE, activate=None, again=False
        )
        file.refresh_from_db()
        return file.state

    assert state_of(Sender(visitor="anna")) == FileState.DUPLICATE
    change_visibility(slug=prices, visibility="signed_in")
    assert state_of(Sender(visitor="ben")) == FileState.WAITING
    mia = make_user("mia", is_staff=False)
    assert state_of(Sender(user_id=mia.pk)) == FileState.DUPLICATE


def test_dataset_keeps_its_readers_when_another_reading_of_its_file_takes_its_place(
    pipeline: Pipeline, prices: str
) -> None:
    from uploads.services.receiving.reimport import ReimportRequest, reimport_file

    Group.objects.create(name="Sales")
    change_visibility(slug=prices, visibility="groups", groups=["Sales"])
    before = readers(prices)
    file = UploadedFile.objects.get()
    again = reimport_file(
        file_id=file.pk,
        wish=ReimportRequest(options={"all_text": True}),
        reader=Sender(is_staff=True),
        via=UploadedFile.Via.COMMAND,
    )
    pipeline.finish(again.pk)
    if UploadedFile.objects.get(pk=again.pk).state != FileState.ACTIVE:
        activate_file(file_id=again.pk)
    assert Dataset.objects.get(slug=prices).columns.get(name="amount").type == "text"
    assert visibility(prices) == ("groups", {"Sales"})
    assert readers(prices) == before


def test_reader_by_sql_reads_what_its_audience_reads(prices: str) -> None:
    Group.objects.create(name="Sales")
    change_visibility(slug=prices, visibility="groups", groups=["Sales"])
    try:
        for name, arguments in (("plain_one", ()), ("sales_one", ("--group", "Sales")), ("every_one", ("--all",))):
            call_command("make_reader", name, *arguments, stdout=StringIO())
        may = {
            name: rows("SELECT has_table_privilege(%s, 'data.prices', 'SELECT')", name)[0][0]
            for name in ("plain_one", "sales_one", "every_one")
        }
        assert may == {"plain_one": False, "sales_one": True, "every_one": True}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE IF EXISTS plain_one, sales_one, every_one")
