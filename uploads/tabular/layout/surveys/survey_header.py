"""Tells the rows that a survey's tool writes below its names: questions, choices, and ids that it needs for itself.

They are no rows of data. A question is too long for a name where there is a short one: it describes the column instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.layout.surveys.index_levels import labels_on_levels
from uploads.tabular.layout.surveys.series_attributes import depth_of_attributes
from uploads.tabular.notes import Note, NoteKind

Row = Sequence[str]

LONGEST = 2_000
"""Characters of a description."""
_TOP_ROWS = 10
"""Rows of several cells from the top among which such a header may begin."""
_MOST_ROWS = 200
"""Rows in all, for comments of a single cell may stand above it."""
_NAME_BYTES = 63
"""What a name in PostgreSQL holds; a longer label is kept as a description too."""
_LEAST_TICKS = 2
_SHOWN = 3
"""Names that a note shows."""
_IMPORT_ID = re.compile(r"\{\s*[\"']?import_?id[\"']?\s*:.*\}", re.IGNORECASE | re.DOTALL)
"""Qualtrics writes one for each column, to know the column again when a file comes back."""
_FORMAT = re.compile(r"\d{1,4}[snd]")
_LEAST_FORMATS = 2
_PATH = "!!"
_LEAST_PATHS = 2
_GEOGRAPHY = ("geo_id", "name")
"""What the Census Bureau calls the first columns of each table: one path beside them is enough."""
_RESPONSE = frozenset(
    {
        "response", "open-ended response", "antwort", "offene antwort", "antwort mit offenem ende",
        "beantwortung mit offenem ende", "réponse", "réponse ouverte", "respuesta", "respuesta abierta",
        "respuesta de respuesta abierta", "resposta", "resposta aberta", "risposta", "risposta aperta",
        "antwoord", "open antwoord", "svar", "öppet svar", "åpent svar", "åbent svar", "vastaus", "avoin vastaus",
        "ответ", "свободный ответ", "yanıt", "回答", "自由回答",
    }
)  # fmt: skip
"""What SurveyMonkey writes below a question that has no choices to name; it adds nothing to the question."""
_RESPONDENT = re.compile(r"(respondent|collector)[ _-]?id", re.IGNORECASE)
"""What SurveyMonkey's exports begin with."""
_CODE = re.compile(r"[^\W\d][\w.:\[\]#-]{0,30}")
"""A name without spaces, as variables and questions are numbered: ``Q1_2``."""
_FIGURES = re.compile(r"[-+]?\d[\d.,:/ TZ-]*%?")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_LONG_TEXT = 20
"""Characters that texts below codes have at least, in the mean."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyHeader:
    """A header and the rows that explain it. ``descriptions`` are as many as the labels, blank where there is none."""

    depth: int
    labels: tuple[str, ...]
    descriptions: tuple[str, ...]
    texts: int | None = None
    """The row that holds questions or choices, counted from the header's first, which is 0."""
    ids: int | None = None
    """The row that holds import ids."""
    formats: int | None = None
    """The row that says how the columns are written."""
    attributes: int | None = None
    """The first of the rows that say what each series is; the last is that above the data."""
    is_joined: bool = False
    """Whether the texts are part of the names."""
    is_on_levels: bool = False
    """Whether all rows are names, on levels above each other."""

    def descriptions_for(self, labels: Sequence[str]) -> tuple[str, ...]:
        """The descriptions of the columns that were made of it; none where it has none."""
        nameless = len(labels) == len(self.labels) + 1 and tuple(labels[1:]) == self.labels
        found = ["", *self.descriptions] if nameless else [*self.descriptions, *[""] * len(labels)]
        return tuple(found[: len(labels)]) if any(found) else ()

    def note(self, *, unit: str, places: Sequence[int]) -> Note:
        """What is said of it; ``places`` are the lines or sheet rows of its rows, and of the first below them."""
        if self.is_on_levels:
            shown = [label for label in self.labels if " " in label]
            more = max(0, len(shown) - _SHOWN)
            return Note.of(NoteKind.HEADER_DEPTH, depth=self.depth, blank=0, joined=shown[:_SHOWN], more=more)
        below = {"names": places[1]} if self.texts == 0 else {}
        return Note.of(
            NoteKind.SURVEY_HEADER,
            unit=unit,
            **below,
            texts=None if self.texts is None else places[self.texts],
            ids=None if self.ids is None else places[self.ids],
            formats=None if self.formats is None else places[self.formats],
            attributes=None if self.attributes is None else [places[self.attributes], places[-1]],
            is_joined=self.is_joined,
        )


def find_survey(rows: Sequence[Row]) -> int | None:
    """The row in which the header of a survey's export begins, if there is one near the top."""
    looked_at = 0
    for start, row in enumerate(rows[:_MOST_ROWS]):
        filled = _filled(row)
        if filled > 1 or (filled and start < 2 * _TOP_ROWS):
            if survey_header(rows, start) is not None:
                return start
            looked_at += filled > 1
        if looked_at == _TOP_ROWS:
            break
    return None


def survey_header(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """The header that begins in row ``start``, if a survey's tool wrote what stands below it."""
    return (
        _with_import_ids(rows, start)
        or _with_formats(rows, start)
        or _with_responses(rows, start)
        or _with_paths(rows, start)
        or _with_attributes(rows, start)
        or _on_levels(rows, start)
    )


def described_header(rows: Sequence[Row], start: int, depth: int) -> SurveyHeader | None:
    """The same for a header known to take two rows: codes above texts too long to be parts of a name.

    ``Q1`` above “How satisfied are you with us?” is a name and what it means, ``time`` above ``minutes`` is one name.
    """
    if depth != 2 or len(rows[start + 1]) != len(rows[start]):
        return None
    names, texts = (_stripped(rows[i]) for i in (start, start + 1))
    known = [name for name in names if name]
    said = [text for text in texts if text]
    are_codes = all(map(_CODE.fullmatch, names)) and len(set(known)) == len(known)
    if not are_codes or not said or sum(map(len, said)) < _LONG_TEXT * len(said):
        return None
    if sum(" " in text for text in said) * 2 <= len(said):
        return None
    return SurveyHeader(depth=2, labels=tuple(names), descriptions=_descriptions(names, texts), texts=1)


def _with_import_ids(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Names, questions and an import id for each column, below each other: Qualtrics' export. Who worked on it may have
    moved the questions above the names or below the ids."""
    for depth in (3, 2):
        ids = rows[start + depth - 1] if start + depth - 1 < len(rows) else ()
        if len(ids) != len(rows[start]) or not all(_IMPORT_ID.fullmatch(cell.strip()) for cell in ids):
            continue
        names, texts, at = _stripped(rows[start]), list[str](), None
        if depth == 3:
            texts, at = _stripped(rows[start + 1]), 1
        elif _are_questions(rows, start + 2):
            texts, at = _stripped(rows[start + 2]), 2
        if depth == 3 and _are_codes(texts) and not _are_codes(names):
            names, texts, at = texts, names, 0
        return SurveyHeader(
            depth=max(depth, (at or 0) + 1),
            labels=tuple(names),
            descriptions=_descriptions(names, texts),
            texts=at,
            ids=depth - 1,
        )
    return None


def _on_levels(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Names on several levels, as pandas writes them."""
    found = labels_on_levels(rows, start)
    if found is None:
        return None
    depth, labels = found
    return SurveyHeader(depth=depth, labels=labels, descriptions=("",) * len(labels), is_on_levels=True)


def _are_codes(names: Row) -> bool:
    return all(map(_CODE.fullmatch, names)) and len(set(names)) == len(names)


def _are_questions(rows: Sequence[Row], index: int) -> bool:
    """Whether a row has words in each column, above a column of figures or dates at least."""
    cells = _stripped(rows[index]) if index < len(rows) else []
    below = [_stripped(row) for row in rows[index + 1 :] if len(row) == len(cells)]
    if not cells or not all(_HAS_LETTER.search(cell) and not _FIGURES.fullmatch(cell) for cell in cells):
        return False
    columns = ([row[at] for row in below if row[at]] for at in range(len(cells)))
    return any(len(column) > 1 and all(map(_FIGURES.fullmatch, column)) for column in columns)


def _with_formats(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Names above the width and kind of each column, ``5s``, ``15s``, ``20d``, ``14n``: an RDB file of the USGS."""
    formats = rows[start + 1] if start + 1 < len(rows) else ()
    if len(formats) < _LEAST_FORMATS or len(formats) != len(rows[start]):
        return None
    names = _stripped(rows[start])
    if not _are_formats(formats) or not all(names) or any(map(_FORMAT.fullmatch, names)):
        return None
    if any(map(_are_formats, rows[start + 2 : start + 3])):
        return None  # they are codes
    return SurveyHeader(depth=2, labels=tuple(names), descriptions=_descriptions(names, []), formats=1)


def _with_attributes(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Names of time series, and below them what each is: unit, source, code, day of release."""
    depth = depth_of_attributes(rows, start)
    if depth is None:
        return None
    names, *lines = (_stripped(row) for row in rows[start : start + depth] if _filled(row))
    described = [
        _shortened("; ".join(f"{line[0]}: {line[i]}" for line in lines if i and line[i])) for i in range(len(names))
    ]
    return SurveyHeader(depth=depth, labels=tuple(names), descriptions=tuple(described), attributes=1)


def _with_paths(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Codes above ``Estimate!!Total:!!Male``, the path of each variable: a table of the Census Bureau of the USA."""
    if start + 2 >= len(rows) or len(rows[start]) != len(rows[start + 1]):
        return None
    names, paths = (_stripped(rows[i]) for i in (start, start + 1))
    known = [name for name in names if name]
    least = 1 if tuple(name.casefold() for name in names[:2]) == _GEOGRAPHY else _LEAST_PATHS
    if not known or not _are_codes(known) or sum(_PATH in path for path in paths) < least:
        return None
    if any(_PATH in cell for row in (rows[start], rows[start + 2]) for cell in row):
        return None
    texts = [": ".join(part.strip(": ") for part in path.split(_PATH)) for path in paths]
    return SurveyHeader(depth=2, labels=tuple(names), descriptions=_descriptions(names, texts), texts=1)


def _are_formats(row: Row) -> bool:
    return bool(row) and all(_FORMAT.fullmatch(cell.strip()) for cell in row)


def _with_responses(rows: Sequence[Row], start: int) -> SurveyHeader | None:
    """Questions above their choices, the first choice right below its question: SurveyMonkey's export."""
    if start + 1 >= len(rows) or not rows[start] or len(rows[start]) != len(rows[start + 1]):
        return None
    corner = rows[start + 1][0].strip()
    if not rows[start][0].strip() or (corner and not _is_response(corner)):
        return None  # known of nearly every table by two cells
    names, parts = (_stripped(rows[i]) for i in (start, start + 1))
    body = [row for row in rows[start + 2 :] if len(row) == len(names) and _filled(row)]
    if not _has_responses(names, parts, body):
        return None
    labels, described, question = [], [], ""
    for name, part in zip(names, parts, strict=True):
        question = name or (question if part else "")
        label = question if not part or _is_response(part) else " ".join(filter(None, (question, part)))
        labels.append(" ".join(label.split()))
        described.append(_shortened(label) if part and len(label.encode(errors="replace")) > _NAME_BYTES else "")
    return SurveyHeader(depth=2, labels=tuple(labels), descriptions=tuple(described), texts=1, is_joined=True)


def _has_responses(names: Sequence[str], parts: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether the second row says how the questions were answered.

    Blank below what is no question, filled wherever a question's name has ended; and a word of the tool, a name that it
    gives to the first column, or a choice that stands again in the rows below where somebody has ticked it.
    """
    said = [i for i, part in enumerate(parts) if part]
    if not said or any(name and not part for name, part in zip(names[said[0] :], parts[said[0] :], strict=True)):
        return False
    responses = [i for i in said if _is_response(parts[i])]
    if any(row[i].strip() == parts[i] for i in responses for row in body):
        return False
    if len(responses) == len(said) and len(said) == len(parts):
        return True
    if parts[0] or any(not row[0].strip() for row in body):
        return False
    if responses or _RESPONDENT.fullmatch(names[0]):
        return True
    return any(_is_ticked(names, parts, i, body) for i in said)


def _is_ticked(names: Sequence[str], parts: Sequence[str], position: int, body: Sequence[Row]) -> bool:
    """Whether a column below a choice of several holds nothing but that choice."""
    of_several = not names[position] or (position + 1 < len(names) and not names[position + 1])
    values = [cell for row in body if (cell := row[position].strip())]
    return of_several and len(values) >= _LEAST_TICKS and set(values) == {parts[position]}


def _is_response(part: str) -> bool:
    return part.casefold() in _RESPONSE


def _descriptions(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The texts that say more than the names above them."""
    texts = texts or [""] * len(names)
    return tuple(
        "" if _letters(text) == _letters(name) else _shortened(text) for name, text in zip(names, texts, strict=True)
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _shortened(text: str) -> str:
    plain = " ".join(text.replace("\0", " ").split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def _stripped(row: Row) -> list[str]:
    return [cell.strip() for cell in row]


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())
