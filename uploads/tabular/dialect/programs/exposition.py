"""The text format of Prometheus, as ``/metrics`` of most servers answers: ``up{job="web"} 1``.

Its comments tell of each metric; its rows are a name, labels in braces, a value, and sometimes a time in milliseconds.
"""

import re
from collections.abc import Sequence

from uploads.tabular.dialect.line_form import BEGIN, END, LineForm, filled_lines, in_bytes
from uploads.tabular.notes import Note, NoteKind

_SAMPLE = re.compile(
    r"(?P<name>[A-Za-z_:][\w:.]*)(?P<labels>\{.*\})?[ \t]+(?P<value>[-+]?(?:\d[\d.]*(?:[eE][-+]?\d+)?|Inf|NaN))"
    r"(?:[ \t]+(?P<time>-?\d[\d.]*))?(?:[ \t]+#.*)?[ \t]*"
)
_SAID = re.compile(r"# (?:HELP|TYPE|UNIT) [A-Za-z_:]\S*.*|# EOF")
_NAMES = ("metric", "labels", "value", "time")
_DELIMITER = "\t"


def find_exposition(text: str) -> LineForm | None:
    """The form of a text that begins with what it says of a metric, all of whose other lines are samples."""
    lines = filled_lines(text)
    if not lines or not _SAID.fullmatch(lines[0]):
        return None
    samples = [_SAMPLE.fullmatch(line) for line in lines if not line.startswith("#")]
    found = [sample for sample in samples if sample is not None]
    if not found or len(found) < len(samples):
        return None
    has_times = any(sample["time"] is not None for sample in found)
    note = Note.of(NoteKind.PROGRAM_FORM, program="exposition")
    pattern = re.compile(
        BEGIN + _SAMPLE.pattern.replace("{.*", r"{[^\r\n]*").replace("#.*", r"#[^\r\n]*").encode() + END
    )
    names = _DELIMITER.join(_names(has_times=has_times)).encode()
    return LineForm(
        note=note,
        steps=(
            (re.compile(rb"\A" + re.escape(in_bytes(lines[0]))), names),
            (re.compile(BEGIN + rb"#[^\r\n]*+"), b""),
            (pattern, lambda match: _DELIMITER.encode().join(_cells(match, has_times=has_times))),
        ),
        delimiter=_DELIMITER,
    )


def _names(*, has_times: bool) -> Sequence[str]:
    return _NAMES if has_times else _NAMES[:-1]


def _cells(match: re.Match[bytes], *, has_times: bool) -> list[bytes]:
    labels = match["labels"] or b""
    cells = [match["name"], b'"' + labels.replace(b'"', b'""') + b'"' if labels else b"", match["value"]]
    return [*cells, match["time"] or b""] if has_times or match["time"] else cells
