"""Why a file waits, from facts: the rows that are there already, other types, the words of its loading."""

from typing import Any

from tests.integration.conftest import Pipeline
from tests.integration.reviewing.conftest import TABLE, Send
from uploads.models import UploadedFile
from uploads.services.files.receipts import describe_file
from uploads.services.receiving.sender import Sender
from uploads.services.reviewing.acts import decline_file, take_up_file
from uploads.services.reviewing.queue import Shelf, files_on, words_of_loading
from uploads.services.visibility import OPERATOR
from uploads.web.sentences.reviewing import homes_in_words, why_it_waits

VISITOR = "A visitor sent it, and nobody has looked at it yet."


def why(file_id: int) -> tuple[str, ...]:
    receipt = describe_file(file_id=file_id, viewer=OPERATOR)
    assert list(files_on(Shelf.STAFF).values_list("pk", flat=True)) == [file_id]
    return why_it_waits(receipt, loading_words=words_of_loading([file_id]).get(file_id, ""))


def home(file_id: int) -> str:
    return homes_in_words(describe_file(file_id=file_id, viewer=OPERATOR))


def test_first_file_of_a_visitor_becomes_a_dataset(send: Send) -> None:
    file_id = send()
    assert why(file_id) == (VISITOR,)
    assert home(file_id) == "becomes data.prices"
    decline_file(file_id=file_id, reason="no")
    take_up_file(file_id=file_id)
    assert why(file_id) == ("It was taken up again.", "A visitor sent it.")


def test_file_whose_columns_another_one_brought_meanwhile_joins_its_dataset(pipeline: Pipeline, send: Send) -> None:
    file_id = send()
    pipeline.load("code;price\nZ1;5\n", "list.csv")
    assert home(file_id) == "joins “list”"


def test_rows_that_do_not_fit_come_first(pipeline: Pipeline, send: Send) -> None:
    pipeline.load(TABLE, "prices.csv")
    file_id = send(TABLE + "C3;much\n")
    assert why(file_id) == ("1 row does not fit “prices” and stays out.", VISITOR)
    assert home(file_id) == "joins “prices”"


def test_what_staff_sent_on_the_page_waits_for_the_answer_how_it_joins(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "prices.csv")
    file_id = pipeline.load(TABLE + "C3;3\n", "more.csv", via=UploadedFile.Via.PAGE, again=False).file_id
    assert why(file_id)[0] == (
        "2 of 3 rows have a “code” that is in “prices” already; all of them are exactly the same."
    )


def test_same_rows_in_other_bytes_name_the_other_file(pipeline: Pipeline) -> None:
    old = pipeline.load(TABLE, "prices.csv").file_id
    sender = Sender(is_staff=True)
    file_id = pipeline.load("price,code\n1,A1\n2,B2\n", "other.csv", again=False, uploader=sender).file_id
    assert f"as file {old}" in why(file_id)[0]


def test_file_that_was_only_to_be_loaded_says_so(pipeline: Pipeline) -> None:
    file_id = pipeline.load(TABLE, activate=False).file_id
    assert why(file_id) == ("It was to be loaded and not activated.",)


def test_why_loading_did_not_activate_it_is_told_from_its_history(pipeline: Pipeline, settings: Any) -> None:
    settings.MAX_ACTIVE_FILES = 1
    pipeline.load(TABLE, "prices.csv")
    file_id = pipeline.load(TABLE + "C3;3\n", "more.csv").file_id
    [reason] = why(file_id)
    assert "active files" in reason
    assert "not activated" not in reason
    decline_file(file_id=file_id, reason="no")
    take_up_file(file_id=file_id)
    assert why(file_id)[0] == reason, "what was said later is not why it was loaded so"


def test_titles_and_notes_of_a_text_are_told(pipeline: Pipeline) -> None:
    lines = "".join(f"a remark number {n}\n" for n in range(12))
    file_id = pipeline.load(f"{lines}\ncode;price\nA1;1\nB2;2\nC3;3\n", "noted.csv").file_id
    assert "were taken for titles or notes" in why(file_id)[0]
