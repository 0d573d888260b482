"""Text cells to typed columns and back, a chunk at a time; a row with a cell that doesn't fit becomes a reject."""

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import ARROW_TYPES, TextChunk, TypedChunk
from uploads.tabular.kept_cells import KeptCells, KeptColumn
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import ROW, Column, ColumnType, Reject
from uploads.tabular.text.raw_rows import joined
from uploads.tabular.types.blanks import blank_out, blanks_in
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.facts import Facts, integers_of
from uploads.tabular.types.offers.opt_in import is_opt_in

_QUOTED = 60
"""Characters of a value that a reason quotes."""


def convert(
    chunk: TextChunk, columns: Sequence[Column], *, delimiter: str = "\t", null_words: Collection[str] = ()
) -> TypedChunk:
    """Give every cell its column's type; blank is null. Rows with a misfit are left out and come back as rejects.

    What stood in a cell that is blank for its word, or that a reading for the asking prints otherwise, is kept.

    ``delimiter`` joins the cells of a rejected row; ``null_words`` are null like blank cells.
    """
    arrays: list[pa.Array] = []
    blanked: list[tuple[str, str, int]] = []
    misfits: dict[int, pa.BooleanArray] = {}
    unlike: dict[int, pa.BooleanArray] = {}
    for position, (column, cells) in enumerate(zip(columns, chunk.cells, strict=True)):
        plain = cells
        if null_words:
            plain, counts = blank_out(cells, null_words)
            blanked.extend((column.label or column.name, word, count) for word, count in counts.items())
        values, fits = _convert_column(column, plain)
        arrays.append(values)
        if plain is not cells or is_opt_in(column):
            unlike[position] = pc.not_equal(_printed(column, plain, values), cells)
        if fits is not None:
            misfits[position] = pc.invert(fits)
    batch = pa.record_batch([chunk.rows, *arrays], names=[ROW, *(column.name for column in columns)])
    if not misfits:
        return TypedChunk(batch=batch, blanked=tuple(blanked), kept=_kept(chunk, unlike).plus(chunk.kept))
    bad = next(iter(misfits.values()))
    for more in misfits.values():
        bad = pc.or_(bad, more)
    rejects = _rejects(chunk, columns, misfits, pc.indices_nonzero(bad), delimiter)
    good = pc.invert(bad)
    kept = _kept(chunk, {position: pc.and_(mask, good) for position, mask in unlike.items()})
    kept = kept.plus(chunk.kept.without(reject.row for reject in rejects))
    return TypedChunk(batch=batch.filter(good), rejects=rejects, blanked=tuple(blanked), kept=kept)


def _printed(column: Column, plain: pa.StringArray, values: pa.Array) -> pa.StringArray:
    """What would stand in the file again: of plain readings the cells themselves, apart from outer spaces."""
    return render(column, values) if is_opt_in(column) else plain


def _kept(chunk: TextChunk, unlike: Mapping[int, pa.BooleanArray]) -> KeptCells:
    columns = (
        KeptColumn.of(position, chunk.rows.filter(mask), chunk.cells[position].filter(mask))
        for position, mask in unlike.items()
        if pc.any(mask).as_py()
    )
    return KeptCells(columns=tuple(columns))


def as_written(chunk: TextChunk, columns: Sequence[Column]) -> tuple[int, ...] | None:
    """How many cells of each column are blank, if PostgreSQL reads all cells, as they stand there, as ``convert`` does.

    ``None`` where a cell has to be written in another way, or fits no type. Only for columns that ``are_plain``.
    """
    blanks: list[int] = []
    for column, cells in zip(columns, chunk.cells, strict=True):
        if column.type is ColumnType.TEXT:
            blanks.append(blanks_in(cells))
            continue
        values = _blank_to_null(cells)
        if values.null_count < len(values) and not _all_fit(column, values):
            return None
        blanks.append(values.null_count)
    return tuple(blanks)


def are_plain(columns: Sequence[Column]) -> bool:
    """Whether the columns are written as PostgreSQL itself would read them."""
    return all(candidate_of(column.type, column.format).is_plain for column in columns)


def _all_fit(column: Column, values: pa.StringArray) -> bool:
    if column.type is ColumnType.BIGINT and not column.format.pattern:
        return integers_of(values) is not None
    return candidate_of(column.type, column.format).fits(Facts(values))


def render(column: Column, values: pa.Array) -> pa.StringArray:
    """Stored values as they stood in the file, in the column's recorded format; null becomes the empty string."""
    return pc.fill_null(candidate_of(column.type, column.format).render(values), "")


def plainly(type_: ColumnType, values: pa.Array) -> str:
    """The first value for people: ``-987.02``, ``2024-05-29 16:26:41``."""
    value = values[0].as_py()
    if type_ is ColumnType.TIMESTAMPTZ:
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return repr(value).removesuffix(".0") if type_ is ColumnType.DOUBLE else str(value)


def _convert_column(column: Column, cells: pa.StringArray) -> tuple[pa.Array, pa.BooleanArray | None]:
    """The column's values, and which cells fit if not all of them do (a misfit's value is null)."""
    if column.type is ColumnType.TEXT:
        return _blank_to_null(cells), None
    candidate = candidate_of(column.type, column.format)
    for values in (_blank_to_null(cells), _blank_to_null(pc.utf8_trim_whitespace(cells))):
        if values.null_count == len(values):
            return pa.nulls(len(values), ARROW_TYPES[column.type]), None
        if column.type is ColumnType.BIGINT and not column.format.thousands and not column.format.pattern:
            integers = integers_of(values)
            if integers is not None:
                return integers, None
        elif candidate.fits(Facts(values)):
            return candidate.parse(values), None
    fits = pc.fill_null(candidate.mask(values), fill_value=True)
    kept = pc.if_else(fits, values, pa.scalar(None, pa.string()))
    return candidate.parse(kept), fits


def _blank_to_null(cells: pa.StringArray) -> pa.StringArray:
    if not len(cells) or pc.min(pc.binary_length(cells)).as_py() > 0:
        return cells
    filled = pc.not_equal(cells, "")
    if cells.offset or cells.null_count:
        return pc.if_else(filled, cells, pa.scalar(None, pa.string()))
    # The answer's bits are the validity bitmap: no text is copied.
    _, offsets, text = cells.buffers()
    return pa.StringArray.from_buffers(len(cells), offsets, text, filled.buffers()[1])


def _rejects(
    chunk: TextChunk,
    columns: Sequence[Column],
    misfits: dict[int, pa.BooleanArray],
    bad: pa.UInt64Array,
    delimiter: str,
) -> tuple[Reject, ...]:
    """The rows that don't fit, with what is wrong in them."""
    numbers = chunk.rows.take(bad).to_pylist()
    cells = zip(*(column.take(bad).to_pylist() for column in chunk.cells), strict=True)
    wrong = zip(*(mask.take(bad).to_pylist() for mask in misfits.values()), strict=True)
    positions = list(misfits)
    return tuple(
        _reject(number, row, [positions[i] for i, is_wrong in enumerate(flags) if is_wrong], columns, delimiter)
        for number, row, flags in zip(numbers, cells, wrong, strict=True)
    )


def _reject(number: int, cells: Sequence[str], bad: Sequence[int], columns: Sequence[Column], delimiter: str) -> Reject:
    """The first misfit names column and value, the reason names them all."""
    return Reject(
        row=number,
        reason=Reason.of(
            RejectCode.BAD_VALUE, misfits=[_misfit(columns[position], cells[position]) for position in bad]
        ),
        column=columns[bad[0]].label or columns[bad[0]].name,
        value=cells[bad[0]],
        raw=joined(cells, delimiter),
    )


def _misfit(column: Column, value: str) -> dict[str, str]:
    """A value that its column does not take, and what it takes."""
    how = column.format
    short = value if len(value) <= _QUOTED else value[:_QUOTED] + "…"
    misfit = {"label": column.label or column.name, "value": short, "type": column.type.value}
    if how.pattern and column.type is not ColumnType.DOUBLE:
        misfit["pattern"] = how.pattern
        if how.first_year:
            misfit["years"] = f"{how.first_year} to {how.last_year}"
    elif column.type is ColumnType.BOOLEAN:
        misfit |= {"true": how.true, "false": how.false}
    return misfit
