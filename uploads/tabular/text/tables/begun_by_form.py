"""The lines in which other tables begin, where the form of a text's lines shows them."""

from collections.abc import Callable, Sequence

from uploads.tabular.dialect.columns.ruled_columns import tables_begun
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.places import first_lines
from uploads.tabular.dialect.printed_table import markdown_begun
from uploads.tabular.dialect.printed_tables import others_begun
from uploads.tabular.dialect.programs.primavera import primavera_begun
from uploads.tabular.dialect.programs.sectioned_rows import sections_begun
from uploads.tabular.dialect.programs.sysstat import sysstat_begun
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import ReadOptions

type _Find = Callable[[str], Sequence[int]]


def _printed_begun(head: str) -> Sequence[int]:
    return markdown_begun(head) or others_begun(first_lines(head))


_BEGUN: dict[NoteKind, _Find] = {
    NoteKind.RULED_COLUMNS: tables_begun,
    NoteKind.PRINTED_TABLE: _printed_begun,
    NoteKind.SYSSTAT: sysstat_begun,
}
_BEGUN_BY_PROGRAM: dict[str, _Find] = {"sections": sections_begun, "primavera": primavera_begun}


def begun_by_form(head: str, forms: Sequence[LineForm], options: ReadOptions, *, first_line: int) -> tuple[int, ...]:
    """Each with a rule below its header, as one statement after the other, or as programs print one report after the
    other; none where a person says how the text is laid out."""
    found = next(filter(None, map(_begun, forms)), None)
    return () if options.is_laid_out or found is None else tuple(first_line + line for line in found(head))


def _begun(form: LineForm) -> _Find | None:
    return _BEGUN.get(form.note.kind) or _BEGUN_BY_PROGRAM.get(form.note.figures.get("program", ""))
