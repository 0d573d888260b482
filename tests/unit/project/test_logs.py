"""One log format: every line carries the request's reference, and JSON lines stay lines."""

import json
import logging
import sys
from typing import Any

import pytest

from uploader_project.logs import ConsoleFormatter, JsonFormatter, ReferenceFilter, logging_config
from uploads.web.request_id import current_reference, referenced


def record(message: str = "Loaded %s", *arguments: object, **extra: Any) -> logging.LogRecord:
    made = logging.getLogger("uploads").makeRecord(
        "uploads", logging.WARNING, __file__, 1, message, arguments or ("x.csv",), None, extra=extra
    )
    ReferenceFilter().filter(made)
    return made


def test_json_line_has_message_level_and_what_extra_gave() -> None:
    line = json.loads(JsonFormatter().format(record(file_id=7)))
    assert (line["message"], line["level"], line["logger"], line["file_id"]) == (
        "Loaded x.csv",
        "warning",
        "uploads",
        7,
    )


def test_json_line_stays_one_line_with_a_traceback_and_a_line_break_in_the_message() -> None:
    made = record("two\nlines %s")
    try:
        raise ValueError("broken")
    except ValueError:
        made.exc_info = sys.exc_info()
    text = JsonFormatter().format(made)
    assert "\n" not in text
    assert "ValueError: broken" in json.loads(text)["exception"]


def test_line_carries_the_reference_of_the_request_it_was_logged_in() -> None:
    with referenced() as reference:
        made = record()
    assert f"[{reference}]" in ConsoleFormatter(coloured=False).format(made)
    assert json.loads(JsonFormatter().format(made))["reference"] == reference


def test_inner_layer_keeps_the_reference_of_the_outer_one() -> None:
    with referenced() as outer, referenced() as inner:
        assert inner == outer
    assert current_reference() == ""


def test_colours_are_for_terminals_only() -> None:
    assert "\033[" in ConsoleFormatter(coloured=True).format(record())
    assert "\033[" not in ConsoleFormatter(coloured=False).format(record())


@pytest.mark.parametrize("formatter", [ConsoleFormatter(coloured=False), JsonFormatter()])
@pytest.mark.parametrize(
    "address",
    [
        "/receipts/{token}/",
        "/api/receipts/{token}/lines?line=3",
        "/api/receipts/{token}/events",
        "/files/{token}",
        "/exports/{token}/",
        "/password/reset/Mg/{token}/",
    ],
)
def test_tokens_in_addresses_are_masked_whoever_logs_them(formatter: logging.Formatter, address: str) -> None:
    token = "AbCd-1234_efghijklmnopqrstuvwxyz0123456789"
    made = record(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", address.format(token=token), "1.1", 200, request=address
    )
    line = formatter.format(made)
    assert token[4:16] not in line
    assert "/AbCd…" in line


def test_token_of_a_program_is_masked_and_numbers_of_files_are_not() -> None:
    line = JsonFormatter().format(record("%s", f"uploader_AbCd{'x' * 45} asked /api/files/123456789012/lines"))
    assert "xxxx" not in line
    assert "/api/files/123456789012/lines" in line


def test_pool_of_sessions_does_not_tell_three_times_of_each_request() -> None:
    assert logging_config(style="json", level="INFO")["loggers"]["psycopg.pool"]["level"] > logging.INFO
    assert logging_config(style="json", level="error")["root"]["level"] == "ERROR"
