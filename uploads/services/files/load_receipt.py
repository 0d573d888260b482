"""The receipt of one table of a file: what it was taken for, and what became of every row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from uploads.models import SOURCE_KEPT, Load, UploadedFile
from uploads.services.datasets.nameless import word_for_blank
from uploads.services.datasets.outlook import NameOutlook
from uploads.services.merging.changes import MergedRows, Uncounted, why_uncounted
from uploads.services.options.in_effect import options_now
from uploads.services.options.ways import ways_of_one, with_doubts_asked
from uploads.states import FileState
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.line_sum import LineSum
from uploads.tabular.names import is_slug_cut, name_changes
from uploads.tabular.notes import NO_ROWS, ON_HEADER, Note, NoteKind, rules_told
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ColumnType, FileFormat, RowCounts, row_word_of

LEFT_OUT = "left out of the dataset, as somebody decided"
NOTHING_LOADED = "text, because no row was loaded."
_SHEETS = frozenset({FileFormat.XLSX, FileFormat.XLS, FileFormat.XLSB, FileFormat.ODS, FileFormat.FODS, FileFormat.XML})
"""Formats whose dates are shown by formats of cells; those of HTML stand there as text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatedKeys:
    """Rows whose likely key its dataset had already, where nobody was asked how they join."""

    rows: int
    columns: tuple[str, ...]
    """As they stand in the file."""

    @classmethod
    def of(cls, load: Load) -> "RepeatedKeys | None":
        kept = load.keys_repeated
        return cls(rows=kept["rows"], columns=tuple(kept["columns"])) if kept else None


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadReceipt:
    """One table of the file."""

    load_id: int
    dataset: str | None
    """Its slug; as long as the table is a draft that of the dataset that it is to join or to become."""
    address: str | None
    """The slug under which it is found now."""
    is_draft: bool
    """No row of it has been active yet."""
    part: str | None
    source: str | None
    origin: str = ""
    """The sheet or member that it stands in, as options name it; empty: the file has no other."""
    format: str
    encoding: str | None
    delimiter: str | None
    quote: str | None
    escape: str | None
    line_end: str | None
    header_row: int | None
    columns: tuple[dict[str, Any], ...]
    notes: tuple[Note, ...]
    applied_options: tuple[dict[str, Any], ...] = ()
    """The reading options that applied, and who said them."""
    read: int
    loaded: int
    rejected: int
    blank: int
    preamble: int
    header: int
    blank_above: int
    footer: int
    line_breaks: int
    left_out: int
    lines: int | None
    seconds: float | None
    missing: tuple[str, ...] = ()
    """Columns of its dataset, by name, that it lacks: they are empty in its rows."""
    hidden: int = 0
    """Loaded rows that later active files hide, or that delete their keys."""
    repeated: int = 0
    """Loaded rows that its dataset had already, exactly as they are, where nobody was asked how they join."""
    repeated_keys: RepeatedKeys | None = None
    """The same of keys; ``None``: no column looks like one, or files were said to join in some way."""
    merged: MergedRows | None = None
    """Of an active file, where files merge: what its rows changed when it became active."""
    merged_unknown: Uncounted | None = None
    """Why that is not known of a full list."""
    may_delete: bool = False
    """Some value in a column of its dataset says that a row deletes its key."""
    prints_back: bool = True
    """Each of its cells can be printed as it stood in the file."""
    place_cut_from: str = ""
    """What its dataset was named after, where the name is only the beginning of that."""
    outlook: NameOutlook | None = None
    """Of a draft of a loaded file: what it will be called; looked up for one file alone, not in lists."""

    @property
    def said_of(self) -> str:
        """The sheet or member by its name in options; empty where it is kept cut off."""
        return self.origin if len(self.origin) < SOURCE_KEPT else ""

    @property
    def naming(self) -> str:
        """How its name is settled when it is activated; empty where there is nothing to say beside the name."""
        return "" if self.outlook is None else self.outlook.sentence

    @property
    def place(self) -> str | None:
        """The dataset that it would be in if its file were activated now."""
        return self.dataset if self.outlook is None else self.outlook.slug

    @property
    def word_for_blank(self) -> str:
        """What stands for the name in the file of a column that has none."""
        return word_for_blank([column["label"] for column in self.columns])

    @property
    def sentences(self) -> tuple[str, ...]:
        """The notes for people."""
        return sentences_of(self.notes)

    def may_be_one_table(self, widths: Collection[int]) -> bool:
        """Whether its rows and what was told from them may be one table; ``widths`` of all tables of its sheet or text.

        Other tables with more or fewer columns are none of its rows: read as such, most would be rejected.
        """
        return any(map(self._may_be_rows, self.notes)) and len(set(widths)) == 1

    def without_idle_ways(self, widths: Collection[int]) -> "LoadReceipt":
        """The same, whose notes lead to one table only where its button is; ``widths`` as above."""
        is_apart = len(set(widths)) != 1
        return replace(
            self,
            notes=tuple(
                replace(note, figures={**note.figures, NO_ROWS: True})
                if note.is_on_rows_left_out and (is_apart or not self._may_be_rows(note))
                else note
                for note in self.notes
            ),
        )

    def _may_be_rows(self, note: Note) -> bool:
        """Whether lines that the note says are left out would be rows that fit: its columns keep their types."""
        figures, words = note.figures, set[int]()
        if note.kind is NoteKind.HEADER_REPEATED:
            words = set(range(len(self.columns)))
        elif note.kind in (NoteKind.NOTES_BELOW, NoteKind.LAST_TOTAL):  # older loads do not tell what they hold
            if figures.get("unfit", 0) and figures["unfit"] == figures["count"]:
                return False
            words = set(figures.get("words", ()))
        typed = {at for at, column in enumerate(self.columns) if column["type"] != ColumnType.TEXT}
        return note.is_on_rows_left_out and not words & typed

    @property
    def doubted_header(self) -> int | None:
        """The row of a header that may be data, unless that is asked already."""
        asks = any(note.is_open_question and note.kind in ON_HEADER for note in self.notes)
        found = (note.figures["place"] for note in self.notes if note.kind is NoteKind.HEADER_DOUBTED)
        return None if asks else next(found, None)

    @property
    def has_hidden_cells(self) -> bool:
        """Rows or columns that the sheet hides were loaded."""
        return self._says_and_did_not(NoteKind.HIDDEN_CELLS, "left_out")

    @property
    def has_merged_cells(self) -> bool:
        """Cells are blank because they are merged with the one above."""
        return self._says_and_did_not(NoteKind.MERGED_CELLS, "filled")

    @property
    def uneven_delimiter(self) -> str:
        """What stands in each of its lines, which are stored whole because it cuts them into cells of any number."""
        found = (note.figures["delimiter"] for note in self.notes if note.kind is NoteKind.UNEVEN_LINES)
        return next(found, "")

    def _says_and_did_not(self, kind: NoteKind, done: str) -> bool:
        return any(note.kind is kind and not note.figures[done] for note in self.notes)

    @property
    def table(self) -> str | None:
        """Where active rows are read."""
        return f"data.{self.dataset}" if self.dataset else None

    @property
    def qualified_part(self) -> str | None:
        return f"data.{self.part}" if self.part else None

    @property
    def counts(self) -> RowCounts:
        return RowCounts(read=self.read, loaded=self.loaded, rejected=self.rejected, blank=self.blank)

    @property
    def sum_in_words(self) -> str:
        return self.account.sentence

    @property
    def account(self) -> LineSum:
        """What became of every line."""
        return LineSum(
            unit=row_word_of(self.format),
            preamble=self.preamble,
            header=self.header,
            blank_above=self.blank_above,
            loaded=self.loaded,
            rejected=self.rejected,
            blank=self.blank,
            footer=self.footer,
            line_breaks=self.line_breaks,
            left_out=self.left_out,
            lines=self.lines,
            is_kept=self.part is not None,
            rules=rules_told(self.notes),
        )


def evidence_of(column: Mapping[str, Any]) -> Evidence | None:
    """What a column's type was decided on; nothing where it is left out."""
    return Evidence.from_json(column["evidence"])


def describe_loads(loads: Iterable[Load], *, file: UploadedFile) -> tuple[LoadReceipt, ...]:
    """All tables of a file. Where it has several sheets or members, what is asked of one is answered for it alone."""
    is_active = file.state == FileState.ACTIVE
    receipts = tuple(describe_load(load, is_active=is_active) for load in loads)
    asked = with_doubts_asked([receipt.said_of for receipt in receipts], [receipt.notes for receipt in receipts])
    receipts = tuple(replace(receipt, notes=notes) for receipt, notes in zip(receipts, asked, strict=True))
    receipts = tuple(
        receipt.without_idle_ways([len(other.columns) for other in receipts if other.origin == receipt.origin])
        for receipt in receipts
    )
    is_asked = any(note.is_open_question for receipt in receipts for note in receipt.notes)
    if not is_asked or not any(receipt.origin for receipt in receipts):
        return receipts
    said = options_now(file=file)
    return tuple(
        replace(
            receipt,
            notes=tuple(
                ways_of_one(note, origin=receipt.said_of, said=said) if note.is_open_question else note
                for note in receipt.notes
            ),
        )
        for receipt in receipts
    )


def describe_load(load: Load, *, is_active: bool = False) -> LoadReceipt:
    """The receipt of one table."""
    finished, home = load.finished_at, load.dataset
    return LoadReceipt(
        load_id=load.pk,
        dataset=home.public_slug if home else None,
        address=home.slug if home else None,
        is_draft=home is not None and home.is_draft,
        part=load.part or None,
        source=load.source or None,
        origin=load.origin,
        format=load.format,
        encoding=load.encoding or None,
        delimiter=load.delimiter or None,
        quote=load.quotechar or None,
        escape="\\" if load.escape else load.quotechar if load.doubled else None,
        line_end=load.line_end or None,
        header_row=load.header_row,
        columns=_columns_of(load),
        place_cut_from=home.name if home is not None and is_slug_cut(home.name, home.public_slug) else "",
        missing=tuple(load.columns_missing),
        notes=tuple(map(Note.from_json, load.notes)),
        applied_options=tuple(load.applied_options),
        read=load.rows_read,
        loaded=load.rows_loaded,
        rejected=load.rows_rejected,
        blank=load.rows_blank,
        preamble=load.preamble,
        header=load.header_rows,
        blank_above=load.blank_above,
        footer=load.footer,
        line_breaks=load.line_breaks,
        left_out=load.rows_left_out,
        lines=load.lines,
        hidden=load.rows_hidden,
        repeated=load.rows_repeated,
        repeated_keys=RepeatedKeys.of(load),
        merged=MergedRows.of(load) if is_active else None,
        merged_unknown=why_uncounted(load) if is_active else None,
        prints_back=load.prints_back,
        may_delete=load.dataset is not None and "mark" in load.dataset.merge_choices,
        seconds=round((finished - load.started_at).total_seconds(), 3) if finished else None,
    )


def without_home(load: LoadReceipt, *, asked: str) -> LoadReceipt:
    """The same for one who does not read the dataset that the table is in, or was read with the types of; ``asked``:
    the name of the dataset where the file's sender gave it, and so knows it."""
    notes = tuple(note for note in load.notes if note.kind is not NoteKind.MATCHED_BY_PLACE)
    columns = tuple(
        {**column, "evidence": "", "evidence_kind": None, "suggestion": None, "alternatives": []}
        if column["evidence_kind"] == EvidenceKind.OF_DATASET.value
        else column
        for column in load.columns
    )
    return replace(
        load,
        dataset=asked or None,
        address=load.address if load.is_draft else None,
        columns=columns,
        notes=notes,
        missing=(),
        hidden=0,
        merged=None,
        merged_unknown=None,
        may_delete=False,
    )


def _columns_of(load: Load) -> tuple[dict[str, Any], ...]:
    described = [_described(column, in_sheet=load.format in _SHEETS) for column in load.columns]
    if not load.rows_loaded and load.rows_rejected:  # what was rejected may well hold something
        described = [
            {**column, "evidence": NOTHING_LOADED} if column["evidence_kind"] == EvidenceKind.EMPTY.value else column
            for column in described
        ]
    changes = name_changes([column["label"] for column in described], [column["name"] for column in described])
    return tuple({**column, "renamed": change} for column, change in zip(described, changes, strict=True))


def _described(column: Mapping[str, Any], *, in_sheet: bool) -> dict[str, Any]:
    """A column as a receipt has it, of one as it is stored with the load."""
    left_out, evidence = column.get("left_out", False), evidence_of(column)
    return {
        "name": "" if left_out else column["name"],
        "label": column["label"],
        "type": column["type"],
        "description": column.get("description", ""),
        "evidence": LEFT_OUT if left_out else evidence_in_words(evidence, in_sheet=in_sheet),
        "evidence_kind": evidence and evidence.kind.value,
        "suggestion": column.get("suggestion"),
        "alternatives": column.get("alternatives", []),
        "left_out": left_out,
    }
