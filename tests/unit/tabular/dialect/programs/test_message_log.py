"""Logs: a time, who wrote it, and a message in words."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

SYSLOG = (
    "Nov 28 10:11:12 mail postfix/smtpd[12]: connect from x\n"
    "Nov  3 10:11:13 mail kernel: [1.2] up, a=1\n"
    "Nov 28 10:11:14 mail CRON[9]: (root)\n"
)
LEVELS = (
    "2026-11-28 10:11:12,123 INFO app: Starting\n"
    "2026-11-28 10:11:13,001 ERROR app.db: Slow query, 1.2 s\n"
    "2026-11-28 10:11:14,540 INFO app: Up\n"
)
THREADS = (
    "2026-11-28T10:11:12Z [main] INFO  App - Started in 2 s\n"
    "2026-11-28T10:11:13Z [http-1] WARN  Db - Slow\n"
    "2026-11-28T10:11:14Z [main] ERROR App - No, stop\n"
)


WORKERS = (
    "[2026-11-28 10:11:12,123: INFO/Main] Connected: yes\n"
    "[2026-11-28 10:11:13,123: WARNING/Pool-1] slow, task\n"
    "[2026-11-28 10:11:14,123: ERROR/Main] lost\n"
)
SLASHES = (
    "2026/11/28 10:11:12 [error] 12#12: *5 open() failed, client: x\n"
    "2026/11/28 10:11:13 [warn] 12#12: *6 slow\n"
    "2026/11/28 10:11:14 [error] 12#12: *7 no\n"
)
TIMED = (
    "2026-11-28 10:11:12.123 UTC [99] LOG:  ready\n"
    '2026-11-28 10:11:13.123 UTC [9] ERROR:  "x" does not exist, really\n'
    "2026-11-28 10:11:14.123 UTC [102] STATEMENT:  select * from x;\n"
)


@pytest.mark.parametrize(
    ("text", "names", "second"),
    [
        (
            WORKERS,
            ["time", "level", "thread", "message"],
            ("2026-11-28 10:11:13.123000", "WARNING", "Pool-1", "slow, task"),
        ),
        (
            "".join(f"2026-11-28 10:11:1{n},12{n} INFO app: {'up ' * n}now\n" for n in range(1, 4)),
            ["time", "level", "message"],
            ("2026-11-28 10:11:12.122000", "INFO", "app: up up now"),
        ),
        (SLASHES, ["time", "level", "message"], ("2026-11-28 10:11:13", "warn", "12#12: *6 slow")),
        (
            TIMED,
            ["time", "message"],
            ("2026-11-28 10:11:13.123000+00:00", '[9] ERROR:  "x" does not exist, really'),
        ),
        (SYSLOG, ["time", "host", "program", "message"], ("Nov  3 10:11:13", "mail", "kernel", "[1.2] up, a=1")),
        (
            LEVELS,
            ["time", "level", "message"],
            ("2026-11-28 10:11:13.001000", "ERROR", "app.db: Slow query, 1.2 s"),
        ),
        (
            THREADS,
            ["time", "thread", "level", "message"],
            ("2026-11-28 10:11:13+00:00", "http-1", "WARN", "Db - Slow"),
        ),
    ],
)
def test_the_rest_of_a_line_is_its_message(
    tmp_path: Path, text: str, names: list[str], second: tuple[str, ...]
) -> None:
    found = look(tmp_path, text, "app.log")
    assert (labels(found), rows(found)[1]) == (names, second)
    assert (found.counts.loaded, found.counts.rejected) == (3, 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LEVELS + "Traceback (most recent call last):\n", id="lines that go on"),
        pytest.param("".join(f"2026-11-28 10:11:1{n} INFO {n}\n" for n in range(5)), id="words that are cells"),
        pytest.param("".join(f"2026-11-28 10:11:1{n};ERROR;{'a ' * n}\n" for n in range(5)), id="a delimiter"),
        pytest.param("".join(f"2026-11-28 10:11:1{n}  1{n}.5   {n}\n" for n in range(6)), id="columns"),
        pytest.param(LEVELS[: LEVELS.index("2026-11-28 10:11:14")], id="two lines"),
    ],
)
def test_neighbours_are_read_as_they_stand(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))


def test_a_delimiter_is_taken_as_it_is_named(tmp_path: Path) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, SYSLOG, delimiter=" "))
