"""Decide each column's type and format over all values of a table, chunk by chunk, in memory that doesn't grow.

A column starts with every reading that could have written its first value. Each chunk strikes out those that a value
doesn't fit; what survives the last chunk is what all values say. A column without survivors is text, for good.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk
from uploads.tabular.evidence import Evidence, EvidenceKind, Ground, GroundKind
from uploads.tabular.names import column_names
from uploads.tabular.table import Column, ColumnType, Format, Suggestion
from uploads.tabular.types.blanks import blank_out
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice, candidate_of, candidates_for, canonical_candidates
from uploads.tabular.types.choice import OF_ONE_WAY, Shown, by_another_table, has_marks_in_doubt
from uploads.tabular.types.column_profile import HEAD, ColumnProfile
from uploads.tabular.types.date_order import evidenced_orders
from uploads.tabular.types.dates.centuries import from_year, with_sure_years
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.evidence import evidence_of
from uploads.tabular.types.notations.contradicted_marks import contradicted_marks
from uploads.tabular.types.notations.number_pairs import are_lists, are_pairs
from uploads.tabular.types.offers.opt_in import is_opt_in, opt_in_readings
from uploads.tabular.types.offers.signed_marks import signed_marks
from uploads.tabular.types.offers.suggestions import grouped_offer
from uploads.tabular.types.offers.ways import alternatives_of, end_idle_course, suggestion_of

NO_SIBLINGS: Mapping[str, Shown] = {}


class TableProfile:
    """Observe every chunk of a table, then decide its columns.

    ``null_words`` are what a person said means "no value" in this table; ``row_word`` is the source's word for a row.
    ``stated`` are the types that the format itself states, as far as it does, ``descriptions`` what the source says
    about its columns.
    """

    def __init__(
        self,
        labels: Sequence[str],
        *,
        null_words: Collection[str] = (),
        row_word: str = "line",
        stated: Sequence[ColumnType | None] = (),
        descriptions: Sequence[str] = (),
    ) -> None:
        self.labels = tuple(labels)
        self._descriptions = tuple(descriptions)
        self._stated = tuple(stated) or (None,) * len(self.labels)
        self.columns = tuple(ColumnProfile() for _ in labels)
        self._null_words = frozenset(null_words)
        self._row_word = row_word

    def observe(self, chunk: TextChunk) -> None:
        """Take in the next rows."""
        for column, cells in zip(self.columns, chunk.cells, strict=True):
            column.observe(chunk.rows, blank_out(cells, self._null_words)[0] if self._null_words else cells)
            end_idle_course(column)

    def count(self, chunk: TextChunk, nulls: Sequence[int]) -> None:
        """Take in rows of which every value fits its settled column; ``nulls``: how many are null in each."""
        for column, cells, blank in zip(self.columns, chunk.cells, nulls, strict=True):
            is_open = self._null_words and column.misfits is not None and column.misfits.is_open
            filled = blank_out(cells, self._null_words)[0] if is_open else cells
            column.count(chunk.rows, filled, nulls=blank)

    def decide(
        self,
        *,
        all_text: bool = False,
        planned: Sequence[Column] | None = None,
        chosen: Sequence[Column] = (),
        decimal: str | None = None,
        day_first: bool | None = None,
        first_year: int | None = None,
        siblings: Mapping[str, Shown] = NO_SIBLINGS,
    ) -> tuple[Column, ...]:
        """Choose each column's type and format.

        ``planned`` are the columns of a dataset that exists, in the file's order: their types hold, and only the format
        of this file's values is chosen. ``chosen`` are columns for which a person chose a type; it holds whatever the
        values say, where nothing is planned. ``decimal``, ``day_first`` and ``first_year`` say what a person knows, for
        values that can be read in two ways; else ``siblings`` decide, the columns of the same names in other
        tables of the file.
        """
        columns = self._columns(
            all_text=all_text,
            planned=planned,
            chosen=chosen,
            decimal=decimal,
            day_first=day_first,
            first_year=first_year,
            siblings=siblings,
        )
        if not self._descriptions:
            return columns
        return tuple(
            replace(column, description=description)
            for column, description in zip(columns, self._descriptions, strict=True)
        )

    def _columns(
        self,
        *,
        all_text: bool,
        planned: Sequence[Column] | None,
        chosen: Sequence[Column],
        decimal: str | None,
        day_first: bool | None,
        first_year: int | None,
        siblings: Mapping[str, Shown],
    ) -> tuple[Column, ...]:
        mark = frozenset({decimal} if decimal else ())
        order = frozenset() if day_first is None else frozenset({"dmy" if day_first else "mdy"})
        given = mark | order
        if planned is not None:
            return tuple(
                _as_planned(column, label, profile, given, first_year)
                for column, label, profile in zip(planned, self.labels, self.columns, strict=True)
            )
        held = {column.name: column for column in (*(() if all_text else self._as_stated()), *chosen)}
        return tuple(
            _as_planned(held[column.name], label, profile, given, first_year) if column.name in held else column
            for column, label, profile in zip(
                self._found(all_text=all_text, mark=mark, order=order, years=first_year, siblings=siblings),
                self.labels,
                self.columns,
                strict=True,
            )
        )

    def _as_stated(self) -> tuple[Column, ...]:
        return tuple(
            Column(label=label, name=name, type=type_, evidence=Evidence.of(EvidenceKind.STATED, type=type_.value))
            for label, name, type_ in zip(self.labels, column_names(self.labels), self._stated, strict=True)
            if type_ is not None
        )

    def _found(
        self,
        *,
        all_text: bool,
        mark: frozenset[str],
        order: frozenset[str],
        years: int | None,
        siblings: Mapping[str, Shown],
    ) -> tuple[Column, ...]:
        """What the values say, and the marks, orders and years that a person gave."""
        names = column_names(self.labels)
        if all_text:
            return tuple(
                Column(label=label, name=name, type=ColumnType.TEXT, evidence=Evidence(EvidenceKind.AS_ASKED))
                for label, name in zip(self.labels, names, strict=True)
            )
        given = mark | order
        alive = [profile.alive or [] for profile in self.columns]
        marks, doubted = contradicted_marks(self.columns, alive, mark)
        if not marks and any(has_marks_in_doubt(readings) for readings in alive):
            marks = signed_marks(self.columns)
        orders = order or evidenced_orders(alive)
        choices = [profile.choose(marks, orders, given, years) for profile in self.columns]
        choices = [doubted.get(at, choice) for at, choice in enumerate(choices)]
        if not mark:
            choices = _pairs_kept(self.columns, choices)
        return tuple(
            self._column(label, name, profile, _by_sibling(profile, choice, siblings.get(name), years))
            for label, name, profile, choice in zip(self.labels, names, self.columns, choices, strict=True)
        )

    def settled(self) -> bool:
        """Whether more rows can only change a decision through a value that conversion would reject.

        False while a column is blank, ambiguous, or could yet become a boolean.
        """
        return all(
            type_ is ColumnType.TEXT
            or (
                profile.alive is not None
                and (not profile.alive or profile.choose(frozenset(), frozenset()).candidate is not None)
            )
            for profile, type_ in zip(self.columns, self._stated, strict=True)
        )

    def row_word_of(self, profile: ColumnProfile) -> str:
        """What stands before the number of the row that a column's evidence names."""
        return self._row_word

    def _column(self, label: str, name: str, profile: ColumnProfile, choice: Choice) -> Column:
        evidence = evidence_of(profile, choice, row_word=self.row_word_of(profile))
        if choice.candidate is None:
            return Column(
                label=label,
                name=name,
                type=ColumnType.TEXT,
                evidence=evidence,
                suggestion=suggestion_of(profile),
                alternatives=grouped_offer(profile, choice.because) or alternatives_of(profile),
            )
        return Column(
            label=label,
            name=name,
            type=choice.candidate.type,
            format=choice.candidate.format,
            evidence=evidence,
            alternatives=alternatives_of(profile),
        )


def _pairs_kept(columns: Sequence[ColumnProfile], choices: Sequence[Choice]) -> list[Choice]:
    """The choices; where one column holds pairs or lists of numbers, all that would have a decimal comma are text."""
    found = [choice.candidate for choice in choices]
    commas = [one is not None and one.type is ColumnType.NUMERIC and one.format.decimal == "," for one in found]
    is_grouped = any(one.format.thousands for comma, one in zip(commas, found, strict=True) if comma and one)
    if is_grouped or not any(commas):
        return list(choices)
    if not any(
        are_pairs(profile.sample) if comma else one is None and are_lists(profile.sample)
        for comma, one, profile in zip(commas, found, columns, strict=True)
    ):
        return list(choices)
    kept = Choice(candidate=None, because=Ground(GroundKind.PAIRS))
    return [kept if comma else choice for comma, choice in zip(commas, choices, strict=True)]


def _by_sibling(profile: ColumnProfile, choice: Choice, shown: Shown | None, years: int | None) -> Choice:
    """Where the table itself leaves open how its values are meant, the column of that name in another decides."""
    if (
        shown is None
        or choice.candidate is not None
        or (choice.because is None or choice.because.kind not in OF_ONE_WAY)
    ):
        return choice
    found = profile.choose(shown.marks, shown.orders, years=years)
    return choice if found.candidate is None else by_another_table(found, shown)


def _as_planned(
    column: Column, label: str, profile: ColumnProfile, given: Collection[str], years: int | None
) -> Column:
    how = with_sure_years(_planned_format(column, profile, given), column.format)
    return replace(
        column,
        label=label or column.label,
        format=from_year(how, years),
        suggestion=_planned_suggestion(column, profile),
    )


def _planned_format(column: Column, profile: ColumnProfile, given: Collection[str]) -> Format:
    """The dataset's own format if it fits, then the plain forms, any that fits, what fits most of a sample.

    Whatever agrees with what was ``given`` goes before whatever doesn't.
    """
    if column.type is ColumnType.TEXT or profile.alive is None:
        return column.format
    own = candidate_of(column.type, column.format)
    fitting = [candidate for candidate in profile.fitting if candidate.type is column.type]
    preferred = [own, *canonical_candidates(column.type)]
    for candidate in preferred:
        if candidate in fitting and not _contradicts(candidate, given):
            return candidate.format
    sample = profile.sample
    others = fitting or _could_have_written(column.type, sample)
    if not len(sample):
        return column.format
    if is_opt_in(column):
        values = pc.unique(sample).to_pylist()
        others = [*others, *(found for found in opt_in_readings(values) if found.type is column.type)]
    # max keeps the first of equals: the dataset's own format, the canonical ones, those that agree with its own.
    alike = [candidate for candidate in others if _alike(candidate, own)]
    ranked = sorted([*preferred, *alike, *others], key=lambda candidate: _contradicts(candidate, given))
    best = max(ranked, key=lambda candidate: pc.sum(candidate.mask(sample)).as_py() or 0)
    return best.format


def _planned_suggestion(column: Column, profile: ColumnProfile) -> Suggestion | None:
    """The words that keep this file's values from being what the dataset says, or from more than text."""
    found = suggestion_of(profile)
    if found is None or column.type is ColumnType.TEXT:
        return found
    course = profile.without_words
    fits = course is not None and any(candidate.type is column.type for candidate in course.profile.alive or ())
    return replace(found, type=column.type) if fits else None


def _contradicts(candidate: Candidate, given: Collection[str]) -> bool:
    """Whether a reading uses another decimal mark, or another order of day and month, than a person told."""
    if isinstance(candidate, DateCandidate):
        orders = {"dmy", "mdy"}
        named = "b" in candidate.format.pattern.lower()
        return bool(orders & set(given)) and candidate.order in orders - set(given) and not named
    if candidate.type is ColumnType.BIGINT and not candidate.format.thousands:
        return False
    marks = {".", ","} & set(given)
    return (
        candidate.type in (ColumnType.BIGINT, ColumnType.NUMERIC)
        and bool(marks)
        and candidate.format.decimal not in marks
    )


def _alike(candidate: Candidate, own: Candidate) -> bool:
    """Whether two readings agree on decimal mark and order of day and month."""
    if isinstance(candidate, DateCandidate) and isinstance(own, DateCandidate):
        return candidate.order == own.order
    return candidate.format.decimal == own.format.decimal


def _could_have_written(type_: ColumnType, sample: pa.StringArray) -> list[Candidate]:
    found = {candidate: None for value in pc.unique(sample[:HEAD]).to_pylist() for candidate in candidates_for(value)}
    return [candidate for candidate in found if candidate.type is type_]
