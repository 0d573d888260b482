"""Why a column has its type, as a fact: a kind and its figures, from which no one decides by words.

``sentences.evidence`` makes the sentences for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self


class EvidenceKind(StrEnum):
    """What the type was decided on."""

    ALL_VALUES = "all_values"
    """``values`` of them fit the ``type`` as they are written (``format``), ``blank`` cells aside; ``because`` says
    what decided between two ways to read them, ``widened`` which value a narrower type does not hold."""
    STRANGER = "stranger"
    """One value, its ``row`` and what it is ``unlike``; ``misfits``: it is the first of so many, ``None`` where not all
    were counted; ``suggested``: what the column is with a few words
    empty, or read in the one other way that all its values fit."""
    IN_DOUBT = "in_doubt"
    """All values, such as the ``example``, can be read in two ways (``because``)."""
    STATED = "stated"
    """The format itself states the ``type``."""
    EMPTY = "empty"
    AS_ASKED = "as_asked"
    IN_EVERY_TABLE = "in_every_table"
    """Of the ``type`` in each table of one file, which write it in different ways."""
    OF_DATASET = "of_dataset"
    OF_OTHER_TABLE = "of_other_table"
    """Of the ``type`` that it has in the first table of the file with these columns, whose ``source`` may be empty."""
    CHANGED = "changed"
    """By hand; ``before`` is the evidence that the file itself had shown."""
    IN_DATABASE = "in_database"
    """Of the ``type`` that it has in a table or view of the database that is shown as it is."""
    SENTENCE = "sentence"
    """Stored as a sentence before there were kinds."""


class GroundKind(StrEnum):
    """What decides between readings that fit equally, or that nothing does."""

    ALONE = "alone"
    ORDERS = "orders"
    CENTURIES = "centuries"
    """Years of two digits; ``first_years`` of the hundreds that they may be of, ``years`` that a value's may be."""
    MARKS = "marks"
    MARK_CONTRADICTED = "mark_contradicted"
    """``mark`` would be the decimal mark of this column alone, of which each value may be grouped by it; ``others``:
    that of other columns, or the one that a person said."""
    MARK_GIVEN = "mark_given"
    MARK_OF_OTHERS = "mark_of_others"
    ORDER_GIVEN = "order_given"
    ORDER_OF_OTHERS = "order_of_others"
    MARK_OF_TABLE = "mark_of_table"
    """That of the column of the same name in another table of the file, whose ``source`` may be empty."""
    ORDER_OF_TABLE = "order_of_table"
    PAIRS = "pairs"
    """Two whole numbers with a comma between them, in this column or another one of the table."""
    OFFSETS = "offsets"
    """Times have offsets from UTC that no one time zone has."""
    CURRENCIES = "currencies"
    """Amounts have several currencies; ``signs`` as they stand there."""
    SHARES = "shares"
    """Some numbers have a percent ``sign`` and others have none."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why one of several readings was chosen, or none."""

    kind: GroundKind
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, kind: GroundKind, **figures: Any) -> Self:
        return cls(kind, figures)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, **self.figures}


def _without_words(form: Mapping[str, Any]) -> dict[str, Any]:
    """A format, or what has one, without its words for yes and no and without a number: they stand in cells."""
    words: dict[str, Any] = {name: "" for name in ("true", "false") if name in form}
    if "reprinted" in form:
        words["reprinted"] = True
    inner = {"format": _without_words(form["format"])} if "format" in form else {}
    return {**form, **words, **inner}


def _plainly_placed(place: Mapping[str, Any]) -> dict[str, Any]:
    """``line`` for ``in “May” line``: the name of a sheet is its file's."""
    word = place.get("row_word")
    return dict(place) if word is None else {**place, "row_word": word.rpartition(" ")[2]}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one column has its type. ``figures`` are values of JSON."""

    kind: EvidenceKind
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, kind: EvidenceKind, **figures: Any) -> Self:
        return cls(kind, figures)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "figures": dict(self.figures)}

    def without_values(self) -> Self:
        """The same for people who may not see what stands in the file."""
        figures = dict(self.figures)
        for name in ("value", "example", "suggested"):
            if name in figures:
                figures[name] = None
        if figures.get("widened"):
            figures["widened"] = {**_plainly_placed(figures["widened"]), "value": None}
        if (figures.get("because") or {}).get("source"):
            figures["because"] = {**figures["because"], "source": None}
        if (figures.get("because") or {}).get("years"):
            figures["because"] = {name: said for name, said in figures["because"].items() if name != "years"}
        for name in ("format", "unlike"):
            if figures.get(name):
                figures[name] = _without_words(figures[name])
        figures = _plainly_placed(figures)
        if "text" in figures:
            figures["text"] = ""
        before = self.from_json(figures.get("before"))
        if before is not None:
            figures["before"] = before.without_values().as_json()
        return type(self)(self.kind, figures)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str | None) -> Self | None:
        """The inverse of ``as_json``; a text was stored before there were kinds."""
        if not data:
            return None
        if isinstance(data, str):
            return cls(EvidenceKind.SENTENCE, {"text": data})
        return cls(EvidenceKind(data["kind"]), data["figures"])
