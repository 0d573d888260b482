"""What staff said, as the sender sees it: on the receipt and over the API; and the commands."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.signing import Signer
from django.test import Client

from tests.integration.reviewing.conftest import TABLE, Send
from tests.integration.staff import basic, make_user
from uploads.models import UploadedFile
from uploads.services.reviewing.acts import ask_sender, decline_file, take_up_file
from uploads.states import Review

REASON = "These are <last> year’s prices."


def sender(name: str = "anna") -> Client:
    client = Client()
    client.cookies["visitor"] = Signer(salt="uploads.visitor").sign(name)
    return client


def address(file_id: int) -> str:
    return f"/receipts/{UploadedFile.objects.get(pk=file_id).token}/"


def receipt(client: Client, file_id: int) -> str:
    return client.get(address(file_id)).content.decode()


def test_receipt_of_a_declined_file_says_why_to_its_sender_alone(send: Send) -> None:
    file_id = send()
    decline_file(file_id=file_id, reason=REASON)
    mine, passed_on = receipt(sender(), file_id), receipt(Client(), file_id)
    assert "These are &lt;last&gt; year’s prices." in mine
    assert "withdraw this one" in mine
    assert "You need do nothing more" not in mine
    assert "year’s prices" not in passed_on
    assert "This file was declined" in passed_on
    take_up_file(file_id=file_id)
    assert "year’s prices" not in receipt(sender(), file_id)
    assert "Waiting for review" in receipt(sender(), file_id)


def test_question_is_answered_on_the_receipt_once(send: Send) -> None:
    file_id = send()
    ask_sender(file_id=file_id, question="Which <month>?")
    assert "Which &lt;month&gt;?" in receipt(sender(), file_id)
    assert "Which" not in receipt(Client(), file_id)
    for stranger in (Client(), sender("ben")):
        assert stranger.post(f"{address(file_id)}answer/", {"answer": "June"}).status_code == 401
    assert sender().post(f"{address(file_id)}answer/", {"answer": "May"}).status_code == 302
    found = receipt(sender(), file_id)
    assert "May" in found
    assert "Send the answer" not in found
    again = sender()
    again.post(f"{address(file_id)}answer/", {"answer": "July"})
    assert "was answered already" in again.get(address(file_id)).content.decode()
    assert list(UploadedFile.objects.get(pk=file_id).review_messages.values_list("text", flat=True)) == [
        "Which <month>?",
        "May",
    ]


def test_receipt_of_curl_has_the_box_for_whoever_holds_it(send: Send) -> None:
    file_id = send(visitor="")
    ask_sender(file_id=file_id, question="Which month?")
    assert "Send the answer" in receipt(Client(), file_id)
    assert Client().post(f"{address(file_id)}answer/", {"answer": "May"}).status_code == 302
    assert UploadedFile.objects.get(pk=file_id).review == Review.ANSWERED


def test_answer_without_the_token_of_the_form_is_refused(send: Send) -> None:
    file_id = send(visitor="")
    ask_sender(file_id=file_id, question="Which month?")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{address(file_id)}answer/", {"answer": "May"}).status_code == 403


def test_receipt_shows_the_first_rows_to_its_sender_and_not_to_others(send: Send) -> None:
    file_id = send("code;name\n" + "".join(f"A{n};secret{n}\n" for n in range(30)))
    mine = receipt(sender(), file_id)
    assert "The first 20 rows, as in the file and as stored" in mine
    assert "secret19" in mine
    assert "secret20" not in mine
    assert "secret1" not in receipt(Client(), file_id).replace("because line 2 holds", "")


def call(client: Client, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/api/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_api_declines_takes_up_asks_and_is_answered(send: Send) -> None:
    file_id = send()
    make_user("ana", "activate_uploadedfile", "view_uploadedfile")
    ana = basic("ana")
    status, found = call(Client(), f"files/{file_id}/decline", {"reason": REASON}, **ana)
    assert status == 200
    assert (found["state"], found["review"], found["declined"]["reason"]) == ("loaded", "declined", REASON)  # type: ignore[index]
    assert call(Client(), f"files/{file_id}/activate", **ana)[0] == 409
    status, found = call(Client(), f"files/{file_id}/take-up", **ana)
    assert (status, found["review"], found["declined"]) == (200, "taken_up", None)
    status, found = call(Client(), f"files/{file_id}/ask", {"question": "Which month?"}, **ana)
    assert (status, found["review"]) == (200, "asked")
    assert call(Client(), f"files/{file_id}/answer", {"answer": "May"}, **ana)[0] == 403
    status, found = call(sender(), f"files/{file_id}/answer", {"answer": "May"})
    assert (status, found["review"]) == (200, "answered")
    assert found["question"]["answer"] == "May"  # type: ignore[index]
    token = UploadedFile.objects.get(pk=file_id).token
    assert Client().get(f"/api/receipts/{token}").json()["question"] is None


def test_api_is_answered_by_the_receipt_of_what_curl_sent(send: Send) -> None:
    file_id = send(visitor="")
    ask_sender(file_id=file_id, question="Which month?")
    token = UploadedFile.objects.get(pk=file_id).token
    assert Client().get(f"/api/receipts/{token}").json()["question"]["text"] == "Which month?"
    status, found = call(Client(), f"receipts/{token}/answer", {"answer": "May"})
    assert status == 200
    assert found["question"]["answer"] == "May"  # type: ignore[index]
    assert call(Client(), f"receipts/{token}/answer", {"answer": "June"})[0] == 409
    other = send(TABLE + "C3;3\n")
    ask_sender(file_id=other, question="?")
    token = UploadedFile.objects.get(pk=other).token
    assert call(Client(), f"receipts/{token}/answer", {"answer": "x"})[0] == 401


@pytest.mark.parametrize("act", ["decline", "ask", "take-up"])
def test_api_refuses_whoever_may_not(send: Send, act: str) -> None:
    file_id = send()
    make_user("looker", "view_uploadedfile")
    body = {"decline": {"reason": "x"}, "ask": {"question": "x"}}.get(act)
    assert call(Client(), f"files/{file_id}/{act}", body)[0] == 401
    assert call(Client(), f"files/{file_id}/{act}", body, **basic("looker"))[0] == 403
    assert UploadedFile.objects.get(pk=file_id).review == ""


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_commands_decline_undo_and_ask(send: Send) -> None:
    file_id = str(send())
    assert "is declined: its 2 rows stay off" in command("decline_file", file_id, "--reason", REASON)
    with pytest.raises(CommandError, match="declined already"):
        command("decline_file", file_id, "--reason", REASON)
    assert "waits for review again" in command("decline_file", file_id, "--undo")
    found = json.loads(command("ask_sender", file_id, "Which month?", "--json"))["files"][0]
    assert (found["state"], found["rows"], found["datasets"]) == ("loaded", 2, ["prices"])
    listed = json.loads(command("list_files", "--json"))["files"][0]
    assert (listed["review"], listed["question"]["text"]) == ("asked", "Which month?")
    with pytest.raises(CommandError, match="waits for its sender already"):
        command("ask_sender", file_id, "Which year?")
    with pytest.raises(CommandError):
        command("decline_file", file_id)
