"""One column over all chunks: which readings fit every value so far, and which value struck out the others."""

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import ColumnType, Suggestion
from uploads.tabular.types.blanks import NULL_LIKE, blanks_in, filled_of, is_wordlike
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice, candidates_for
from uploads.tabular.types.choice import choose
from uploads.tabular.types.facts import Facts
from uploads.tabular.types.notations.zoned_times import ZonedCandidate
from uploads.tabular.types.offers.likely_values import is_likely
from uploads.tabular.types.offers.misfit_count import MisfitCount
from uploads.tabular.types.offers.word_tally import WordTally
from uploads.tabular.types.without_words import WithoutWords

HEAD = 100
"""Values that strike out most readings at a hundredth of a chunk's cost."""

BLANKS_TOLD = 3
"""Blank cells of which it is told where they stand, where there are no more."""

_SAMPLE = 2_000
"""Values kept of each column, to choose the format that fits most of them where none fits all."""

_SAMPLE_A_CHUNK = 50

Place = tuple[int, str]
"""Row (line) number and value."""


class ColumnProfile:
    """What is known of one column: how many values, which readings fit them all, what struck out the last."""

    def __init__(self, *, is_course: bool = False) -> None:
        self._is_course = is_course
        self.values = 0
        self.cells = 0
        """Values and blanks."""
        self.blank_rows: list[int] = []
        """The first rows whose cell is blank, one more than are told."""
        self._notes_blanks = True
        self.alive: list[Candidate] | None = None
        """Readings that fit all values so far, narrowest first; ``None`` before the first value."""
        self.fallen: Candidate | None = None
        """The last reading to be struck out; ``None`` where none fitted the first value."""
        self.culprit: Place | None = None
        """The value that struck it out, with the spaces around it."""
        self.misfits: MisfitCount | None = None
        """Counts the values that the last readings do not fit; ``None`` where none fitted the first value."""
        self._counts_misfits = False
        self.widened: Place | None = None
        """The value that struck out the narrower type, where a wider one still fits."""
        self.example = ""
        self.varied = False
        """Whether there are two different values; only looked at for words of truth."""
        self.without_words: WithoutWords[ColumnProfile] | None = None
        """What the column would be if words like ``N/A`` were read as empty; where such a word made it text, or a value
        in a notation that nobody gets unasked."""
        self.tally: WordTally | None = None
        """Cells of words that an offer besides that may read as empty; only of a column that is text."""
        self.offers: tuple[int, tuple[Suggestion, ...]] | None = None
        """What the column could be besides, and after how many values that was looked up: it costs milliseconds."""
        self._sample: list[str] = []

    def observe(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        """Take in one chunk's cells of this column."""
        self._keep_sample(cells)
        self.cells += len(cells)
        self._note_blanks(rows, cells)
        if self.alive == []:
            self.values += len(cells) - blanks_in(cells)
            self._observe_words(rows, cells)
            self._count_misfits(cells)
            return
        filled = filled_of(cells)
        if not len(filled):
            return
        if self.alive is None and not self._start(rows, cells):
            return
        if self.alive and self.alive[0].type is ColumnType.BOOLEAN and not self.varied:
            self.varied = not pc.all(pc.equal(pc.utf8_trim_whitespace(filled), self.example)).as_py()
        before = self.alive or []
        if before and not self._narrow(rows, cells, filled):
            trimmed = pc.utf8_trim_whitespace(cells)
            filled = filled_of(trimmed)
            if not len(filled):
                return
            kept = pc.not_equal(trimmed, "")
            self._strike(rows.filter(kept), filled, written=cells.filter(kept))
            filled = filled_of(cells) if self.alive == [] else filled  # a text of spaces is not empty
        if not self.alive and not self._is_course and self.culprit:
            self.tally = WordTally(self.culprit[1].strip())
            if _begins_course(self.culprit[1].strip()):
                self._begin_without_words(before, cells)
            self._observe_words(rows, cells)
            self._count_misfits(cells)
        self.values += len(filled)

    def count(self, rows: pa.Int64Array, cells: pa.StringArray, *, nulls: int) -> None:
        """Take in cells that fit the reading chosen, or are text anyway: they can change nothing but the count."""
        self.values += len(cells) - nulls
        self.cells += len(cells)
        if nulls:
            self._note_blanks(rows, cells)
        self._observe_words(rows, cells)
        self._count_misfits(cells)

    def _count_misfits(self, cells: pa.StringArray) -> None:
        if self.misfits is not None and self._counts_misfits:
            self.misfits.observe(cells)

    def _note_blanks(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        if self._notes_blanks and blanks_in(cells):
            self.blank_rows += rows.filter(pc.equal(cells, ""))[: BLANKS_TOLD + 1].to_pylist()
            self._notes_blanks = len(self.blank_rows) <= BLANKS_TOLD

    def forget_blanks(self) -> None:
        """Tell no rows whose cells are blank."""
        self.blank_rows, self._notes_blanks = [], False

    def choose(
        self,
        marks: frozenset[str],
        orders: frozenset[str],
        given: Collection[str] = (),
        years: int | None = None,
    ) -> Choice:
        """The reading to use, given what other columns show or a person told."""
        choice = choose(self.fitting, varied=self.varied, marks=marks, orders=orders, given=given, years=years)
        if choice.candidate is None and self.alive and not self.fitting:
            return Choice(candidate=None, because=Ground(GroundKind.OFFSETS))
        return choice

    @property
    def fitting(self) -> list[Candidate]:
        """The readings that fit all values and print them back, narrowest first."""
        alive = self.alive or []
        if not any(isinstance(candidate, ZonedCandidate) for candidate in alive):
            return alive
        plain: list[Candidate] = [candidate for candidate in alive if not isinstance(candidate, ZonedCandidate)]
        zoned = (candidate.in_its_zone() for candidate in alive if isinstance(candidate, ZonedCandidate))
        return plain or [candidate for candidate in zoned if candidate is not None]

    @property
    def is_text(self) -> bool:
        """Whether no reading fits all values."""
        return self.alive == []

    @property
    def sample(self) -> pa.StringArray:
        """Some values from all over the column, without blanks and outer spaces."""
        values = pc.utf8_trim_whitespace(pa.array(self._sample, pa.string()))
        return values.filter(pc.not_equal(values, ""))

    def _start(self, rows: pa.Int64Array, cells: pa.StringArray) -> bool:
        """Begin with what could have written the first value; false if there is none in these cells."""
        first = next((i for i, cell in enumerate(cells[:HEAD].to_pylist()) if cell.strip()), None)
        if first is None:
            first = pc.index(pc.not_equal(pc.utf8_trim_whitespace(cells), ""), True).as_py()
            if first < 0:
                return False
        self.example = cells[first].as_py().strip()
        self.alive = candidates_for(self.example)
        if not self.alive:
            self.culprit = (rows[first].as_py(), cells[first].as_py())
        elif self.alive[0].type is not ColumnType.BIGINT:
            self.widened = (rows[first].as_py(), self.example)
        return True

    def _narrow(self, rows: pa.Int64Array, cells: pa.StringArray, values: pa.StringArray) -> bool:
        """Strike out what the head rules out, then what the whole chunk does; false if nothing would be left."""
        before = self.alive or []
        survivors = _surviving(_surviving(before, values[:HEAD]), values)
        if not survivors:
            return False
        if survivors[0].type is not before[0].type:
            index = _first_misfit(before[0], values)
            self.widened = (rows.filter(pc.not_equal(cells, ""))[index].as_py(), values[index].as_py())
        self.alive = survivors
        return True

    def _strike(self, rows: pa.Int64Array, values: pa.StringArray, *, written: pa.StringArray) -> None:
        """The same with care: outer spaces are off, and the value that strikes out the last reading is noted, as it
        is ``written``."""
        for part in (values[:HEAD], values):
            before = self.alive or []
            self.alive = _surviving(before, part)
            if before and not self.alive:
                misfits = [(_first_misfit(candidate, part), candidate) for candidate in before]
                index, self.fallen = max(misfits, key=lambda misfit: misfit[0])
                self.culprit = (rows[index].as_py(), written[index].as_py())
                if self.misfits is None:
                    last = [each for first, each in misfits if first == index and each.type is not ColumnType.BOOLEAN]
                    self.misfits, self._counts_misfits = MisfitCount(last or [self.fallen]), True
            elif before and self.alive[0].type is not before[0].type:
                index = _first_misfit(before[0], part)
                self.widened = (rows[index].as_py(), part[index].as_py())

    def _begin_without_words(self, before: Sequence[Candidate], cells: pa.StringArray) -> None:
        """Follow a second course, on which words like ``N/A`` are blank."""
        other = ColumnProfile(is_course=True)
        other.alive = list(before) or None
        other.values, other.example, other.varied = self.values, self.example, self.varied
        first = other.example if before else _first_unlisted(cells)
        other.tally, other.misfits = self.tally, self.misfits
        self.without_words = WithoutWords(other, listed_only=_is_truth_word(first))

    def _observe_words(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        if self.tally is not None and not self._is_course:
            self.tally.observe(cells)
        if self.without_words is not None and not self.without_words.observe(rows, cells):
            self.without_words = None

    def _keep_sample(self, cells: pa.StringArray) -> None:
        if len(self._sample) < _SAMPLE and len(cells):
            step = max(1, len(cells) // _SAMPLE_A_CHUNK)
            self._sample.extend(cells.take(pa.array(range(0, len(cells), step))).to_pylist())


def _surviving(candidates: Sequence[Candidate], values: pa.StringArray) -> list[Candidate]:
    facts = Facts(values)
    return [candidate for candidate in candidates if candidate.fits(facts)]


def _first_misfit(candidate: Candidate, values: pa.StringArray) -> int:
    index: int = pc.index(candidate.mask(values), False).as_py()
    return index if index >= 0 else len(values) - 1


def _first_unlisted(cells: pa.StringArray) -> str:
    """The first value that is no usual word for "no value"; empty where the first values are all such words."""
    values = (cell.strip() for cell in cells[:HEAD].to_pylist())
    return next((value for value in values if value and value not in NULL_LIKE), "")


def _begins_course(culprit: str) -> bool:
    """Whether words among the values may be all that makes a column text, or all besides a notation."""
    return is_wordlike(culprit) or is_likely(culprit)


def _is_truth_word(value: str) -> bool:
    return value != "" and any(candidate.type is ColumnType.BOOLEAN for candidate in candidates_for(value))
