"""The queue and the page of a file in the admin."""

import re

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.reviewing.conftest import TABLE, Send
from tests.integration.staff import make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.reviewing.acts import answer_question, ask_sender, decline_file
from uploads.states import FileState, Mode, Review, Visibility

QUEUE = "/admin/uploads/review/"


@pytest.fixture
def boss(db: None) -> Client:
    client = Client()
    client.force_login(make_user("boss", is_superuser=True))
    return client


def page(client: Client, address: str, **said: str) -> str:
    return client.get(address, said).content.decode()


def act(client: Client, file_id: int, name: str, **fields: str) -> str:
    """Where it leads to."""
    return client.post(f"{QUEUE}{file_id}/", {"act": name, **fields}).headers["Location"]


def facts(file_id: int) -> tuple[str, str]:
    return UploadedFile.objects.values_list("state", "review").get(pk=file_id)


def test_header_of_every_page_has_the_number_that_waits(boss: Client, send: Send) -> None:
    assert "Waiting for you <strong>0</strong>" in page(boss, "/admin/auth/user/")
    first, _ = send(), send(TABLE + "C3;3\n")
    ask_sender(file_id=first, question="?")
    for address in ("/admin/", "/admin/auth/user/", "/admin/uploads/dataset/", QUEUE):
        assert "Waiting for you <strong>1</strong>" in page(boss, address)


def test_queue_says_who_sent_what_and_why_it_waits(boss: Client, pipeline: Pipeline, send: Send) -> None:
    pipeline.load(TABLE, "prices.csv")
    send(TABLE + "C3;<b>\n", name="more.csv")
    found = page(boss, QUEUE)
    assert "A visitor" in found
    assert "joins “prices”" in found
    assert "<strong>1</strong> rejected" in found
    assert "1 row does not fit “prices” and stays out." in found
    assert (
        "Nothing waits for you" in page(boss, QUEUE, **{"for": "x"}) or boss.get(QUEUE, {"for": "x"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("meanwhile", "home"),
    [
        ("code;price\nZ1;5\n", "joins “list”"),
        ("code;amount\nZ1;5\n", "becomes data.prices"),
        ("", "becomes data.prices"),
    ],
    ids=["a dataset of its columns", "one of others", "none"],
)
def test_queue_says_the_same_of_its_dataset_as_the_page(
    boss: Client, pipeline: Pipeline, send: Send, meanwhile: str, home: str
) -> None:
    file_id = send()
    if meanwhile:
        pipeline.load(meanwhile, "list.csv")
    for page in ("/admin/uploads/review/", f"/admin/uploads/review/{file_id}/"):
        assert home in boss.get(page).content.decode()


def test_queue_says_the_name_that_a_new_dataset_would_get(boss: Client, pipeline: Pipeline, send: Send) -> None:
    file_id = send()
    pipeline.load("place;area\nZ1;5\n", "prices.csv")
    for page in ("/admin/uploads/review/", f"/admin/uploads/review/{file_id}/"):
        assert "becomes data.prices_2" in boss.get(page).content.decode()


def test_a_file_of_a_dataset_that_updates_by_key_is_activated_as_it_is_first_and_else_as_the_full_list(
    boss: Client, pipeline: Pipeline, send: Send
) -> None:
    pipeline.load(TABLE, "prices.csv", mode="merge", key="code")
    file_id = send("code;price\nB2;3\n")
    found = page(boss, f"{QUEUE}{file_id}/")
    plain, full = found.index("Activate 1 row"), found.index("Activate as the full list")
    assert plain < full
    assert found.count('data-key="a"') == 1
    assert 'data-focus="a"' not in found
    act(boss, file_id, "activate")
    assert facts(file_id) == (FileState.ACTIVE, "")
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 1), ("B2", 3)]


def test_by_name_files_stand_as_a_person_sorts_them_and_the_next_one_is_next_by_name(boss: Client, send: Send) -> None:
    """For whoever chose it, until something else is chosen; what was answered comes first all the same."""
    sent = {name: send(TABLE + f"{name};3\n", name=f"{name}.csv") for name in ("March 10", "march 2", "January", "May")}
    ask_sender(file_id=sent["May"], question="Which year?")
    answer_question(file_id=sent["May"], answer="This one.")

    def listed(**said: str) -> list[str]:
        return re.findall(r"data-row>([^<]*)\.csv</a>", page(boss, QUEUE, **said))

    assert listed() == ["May", "March 10", "march 2", "January"]
    assert listed(order="name") == listed() == ["May", "January", "march 2", "March 10"]
    assert act(boss, sent["January"], "decline", text="No.") == f"{QUEUE}{sent['march 2']}/"
    assert f'href="{QUEUE}{sent["March 10"]}/" data-key="j"' in page(boss, f"{QUEUE}{sent['march 2']}/")
    assert listed(order="arrival") == ["May", "March 10", "march 2"]
    assert boss.get(QUEUE, {"order": "size"}).status_code == 404


def test_empty_queue_and_the_other_shelves(boss: Client, send: Send) -> None:
    assert "Nothing waits for you." in page(boss, QUEUE)
    asked, declined = send(), send(TABLE + "C3;3\n", name="other.csv")
    ask_sender(file_id=asked, question="Which month?")
    decline_file(file_id=declined, reason="Not ours.")
    assert "Nothing waits for you." in page(boss, QUEUE)
    assert "Which month?" in page(boss, QUEUE, **{"for": "sender"})
    assert "Not ours." in page(boss, QUEUE, **{"for": "declined"})
    answer_question(file_id=asked, answer="May")
    assert "May" in page(boss, QUEUE)


def test_queue_has_pages_of_fifty(boss: Client, send: Send) -> None:
    send()
    file = UploadedFile.objects.get()
    for number in range(50):
        file.pk, file.token, file._state.adding = None, f"token{number}", True
        file.save()
    assert page(boss, QUEUE).count("data-row") == 50
    assert page(boss, QUEUE, page="2").count("data-row") == 1


def test_page_shows_the_first_rows_escaped_and_what_changes(boss: Client, pipeline: Pipeline, send: Send) -> None:
    pipeline.load("code;name;price\nA1;x;1\nB2;y;2\n", "prices.csv")
    file_id = send("code;name;price\nA1;<b>x</b>;1\nB2;y;2\nC3;z;3\n")
    found = page(boss, f"{QUEUE}{file_id}/")
    assert "All rows, as in the file and as stored" in found
    assert "&lt;b&gt;x&lt;/b&gt;" in found
    assert "<b>x</b>" not in found
    assert re.findall(r"<dt>([\w ]+)</dt><dd>(\d+)</dd>", found) == [
        ("new", "1"),
        ("changed", "1"),
        ("gone", "0"),
        ("the same", "1"),
    ]


def test_after_each_act_the_next_file_opens_with_undo(boss: Client, send: Send) -> None:
    first, second, third = (send(TABLE + f"C{n};3\n", name=f"prices{n}.csv") for n in range(3))
    following = act(boss, first, "activate")
    assert following == f"{QUEUE}{second}/"
    shown = page(boss, following)
    assert "Activated “prices0.csv”: 3 rows can be seen." in shown
    assert f'<form class="undo" method="post" action="{QUEUE}{first}/">' in shown
    assert "Undo</button>" not in page(boss, following), "a message is shown once"
    following = act(boss, second, "decline", text="Not ours.")
    assert following == f"{QUEUE}{third}/"
    assert "Declined “prices1.csv”." in page(boss, following)
    assert act(boss, third, "ask", text="Which month?") == QUEUE
    assert "Asked the sender of “prices2.csv”." in page(boss, QUEUE)
    assert [facts(file_id) for file_id in (first, second, third)] == [
        (FileState.ACTIVE, ""),
        (FileState.LOADED, Review.DECLINED),
        (FileState.LOADED, Review.ASKED),
    ]
    assert act(boss, first, "undo") == f"{QUEUE}{first}/"
    assert act(boss, second, "take_up") == f"{QUEUE}{second}/"
    assert act(boss, third, "take_up") == f"{QUEUE}{third}/"
    assert {facts(file_id) for file_id in (first, second, third)} == {(FileState.LOADED, Review.TAKEN_UP)}


def test_file_that_has_rows_there_already_is_not_activated_without_an_answer(
    boss: Client, pipeline: Pipeline, send: Send
) -> None:
    old = pipeline.load(TABLE, "prices.csv").file_id
    file_id = send(TABLE + "C3;3\n")
    found = page(boss, f"{QUEUE}{file_id}/")
    assert "Replace the whole table" in found
    assert "Activate 3 rows" not in found
    said = 'data-focus="a" data-says="Nothing is activated yet. Press 1 to 3 to say how it joins."'
    assert (found.count(said), found.count('data-key="a"')) == (1, 0), "the key of Activate leads to the question"
    UploadedFile.objects.filter(pk=file_id).update(overlaps=[OVERLAP])
    assert act(boss, file_id, "activate") == f"{QUEUE}{file_id}/"
    assert facts(file_id)[0] == FileState.LOADED
    act(boss, file_id, "activate", mode="replace", key="")
    assert (facts(file_id)[0], facts(old)[0]) == (FileState.ACTIVE, FileState.LOADED)
    act(boss, file_id, "undo")
    assert (facts(file_id)[0], facts(old)[0]) == (FileState.LOADED, FileState.ACTIVE)


def test_file_that_waited_beside_the_one_that_made_the_dataset_is_asked_about_as_a_later_one(
    boss: Client, send: Send
) -> None:
    """Two visitors send the first file of a kind; once one is activated, rows of the other are there already."""
    first_id, file_id = send(), send(TABLE + "C3;3\n", visitor="berta", name="more.csv")
    assert "Replace the whole table" not in page(boss, f"{QUEUE}{file_id}/")
    act(boss, first_id, "activate")
    token = UploadedFile.objects.get(pk=file_id).token
    for found in (page(boss, f"{QUEUE}{file_id}/"), page(boss, f"/receipts/{token}/")):
        assert "2 of 3 rows have a “code” that is in “prices” already" in found
        assert "Replace the whole table" in found
    act(boss, file_id, "activate", mode="merge", key="code")
    assert rows("SELECT code FROM data.prices ORDER BY code") == [("A1",), ("B2",), ("C3",)]


@pytest.mark.parametrize("content", ["code;price\nA1;1.5\nC3;much\n", "A1;1\nB2;2\n"], ids=["types", "no header"])
def test_file_that_waited_beside_one_of_other_columns_is_asked_nothing(boss: Client, send: Send, content: str) -> None:
    """With other types it is read again first; without a header it joins nothing by itself."""
    first_id, file_id = send(), send(content, visitor="berta", name="more.csv")
    act(boss, first_id, "activate")
    assert "Replace the whole table" not in page(boss, f"{QUEUE}{file_id}/")


def test_question_of_a_file_that_waited_tells_nothing_of_a_dataset_that_its_sender_does_not_read(
    boss: Client, send: Send
) -> None:
    first_id, file_id = send(), send(TABLE + "C3;3\n", visitor="berta", name="more.csv")
    act(boss, first_id, "activate")
    Dataset.objects.update(visibility=Visibility.SIGNED_IN)
    token = UploadedFile.objects.get(pk=file_id).token
    assert "that is in “prices” already" not in page(boss, f"/receipts/{token}/")


def test_file_that_almost_fits_a_dataset_is_not_said_to_join_it_too(
    boss: Client, pipeline: Pipeline, send: Send
) -> None:
    pipeline.load("code;name;price\nA1;x;1\n", "prices.csv")
    file_id = send("code;name;prise\nA1;x;2\n", name="more.csv")
    for address in (QUEUE, f"{QUEUE}{file_id}/"):
        found = page(boss, address)
        assert "almost fits “prices”" in found
        assert "joins “prices”" not in found


OVERLAP = {
    "dataset": "prices",
    "name": "prices",
    "mode": Mode.APPEND.value,
    "dataset_key": [],
    "is_decided": False,
    "rows": 3,
    "active": 1,
    "key": ["code"],
    "key_labels": ["code"],
    "known_keys": 2,
    "equal_rows": 2,
}


def test_second_colleague_is_told_what_was_done_meanwhile(boss: Client, send: Send) -> None:
    file_id = send()
    act(boss, file_id, "activate")
    late = act(boss, file_id, "decline", text="late")
    assert late == f"{QUEUE}{file_id}/"
    assert "is active by now" in page(boss, late)
    assert facts(file_id) == (FileState.ACTIVE, "")
    act(boss, file_id, "undo")
    decline_file(file_id=file_id, reason="no")
    assert "was declined" in page(boss, act(boss, file_id, "activate"))
    assert facts(file_id) == (FileState.LOADED, Review.DECLINED)
    assert "is missing" in page(boss, act(boss, send(TABLE + "D4;4\n"), "decline", text=" "))


def test_who_may_only_look_has_no_buttons_and_who_may_not_sees_nothing(send: Send) -> None:
    file_id = send()
    looker, clerk = Client(), Client()
    looker.force_login(make_user("looker", "view_uploadedfile"))
    clerk.force_login(make_user("clerk", "activate_uploadedfile", "view_dataset"))
    found = page(looker, f"{QUEUE}{file_id}/")
    assert "All rows, as in the file and as stored" in found
    assert '<form method="post" action="/admin/uploads/review' not in found
    for name in ("activate", "decline", "ask", "take_up", "undo", "", "nonsense"):
        assert looker.post(f"{QUEUE}{file_id}/", {"act": name, "text": "x"}).status_code == 403
    assert clerk.get(QUEUE).status_code == 403
    assert clerk.get(f"{QUEUE}{file_id}/").status_code == 403
    assert clerk.post(f"{QUEUE}{file_id}/", {"act": "activate"}).status_code == 403
    assert "Waiting for you" not in page(clerk, "/admin/")
    assert Client().get(QUEUE).status_code == 302
    assert facts(file_id) == (FileState.LOADED, "")


def test_gone_file_leads_back_to_the_queue(boss: Client, send: Send) -> None:
    assert boss.get(f"{QUEUE}999/").status_code == 404
    assert act(boss, 999, "decline", text="x") == QUEUE


def test_several_files_are_declined_from_the_list_with_one_reason(boss: Client, pipeline: Pipeline, send: Send) -> None:
    active = pipeline.load("a;b\n1;2\n").file_id
    chosen = [send(), send(TABLE + "C3;3\n"), active]
    asked = {"action": "decline_files", "_selected_action": [str(file_id) for file_id in chosen]}
    files = "/admin/uploads/uploadedfile/"
    for said in ({}, {"confirm": "yes", "reason": " "}):
        assert "Reason, which the senders see" in boss.post(files, {**asked, **said}).content.decode()
    assert boss.post(files, {**asked, "confirm": "yes", "reason": "Not ours."}).status_code == 302
    assert [facts(file_id) for file_id in chosen] == [
        (FileState.LOADED, Review.DECLINED),
        (FileState.LOADED, Review.DECLINED),
        (FileState.ACTIVE, ""),
    ]
    assert "is active by now" in page(boss, files)
