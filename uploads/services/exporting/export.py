"""Export a view of a dataset: all of its rows in a format, piece by piece."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.utils import timezone

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.measuring import measure_values
from uploads.database.exporting.windows import print_rows
from uploads.models import Dataset
from uploads.services.cataloguing.about import About
from uploads.services.datasets.browsing import sources_of
from uploads.services.datasets.reflection import readable_relation
from uploads.services.exporting.encoders import CsvEncoder, Encoder, JsonLinesEncoder
from uploads.services.exporting.excel_csv import ExcelCsvEncoder
from uploads.services.exporting.formats import ExportFormat
from uploads.services.exporting.limits import one_of_few
from uploads.services.exporting.package import PackageEncoder, PackageFacts
from uploads.services.exporting.source import Source, open_source, page_source
from uploads.services.exporting.workbook import WorkbookEncoder
from uploads.services.reading.pages import Page
from uploads.services.reading.view import View, fields_of
from uploads.services.visibility import ANYBODY, Viewer, columns_seen, find_dataset
from uploads.tabular.table import ColumnType


class Pieces(Protocol):
    """Bytes in order. Whoever has them closes them, read or not, in the thread in which they were begun."""

    def __iter__(self) -> Iterator[bytes]: ...
    def __next__(self) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """A file that is made while it is read."""

    name: str
    """``prices.csv``"""
    media_type: str
    pieces: Pieces


def export_view(
    *,
    slug: str,
    view: View,
    format_: ExportFormat,
    viewer: Viewer = ANYBODY,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Export:
    """All rows of a view, whatever its place and limit say, as this person may see them; ``on_rows`` is told, again and
    again, how many more are on their way.

    What can be refused is refused before the first piece: raises ``DatasetNotFound``, ``ExportsBusy``,
    ``ExportTooSlow``, and of a dataset that is read-only what ``read_page`` raises. The pieces raise ``RowsChanged``
    where they would be of two states, and ``ExportTooSlow``.
    """
    dataset = find_dataset(slug=slug, viewer=viewer)
    columns = export_columns(dataset=dataset, view=view, viewer=viewer)
    return _export(dataset, format_, open_source(dataset=dataset, view=view, columns=columns), on_rows)


def export_page(*, slug: str, view: View, page: Page, format_: ExportFormat, viewer: Viewer = ANYBODY) -> Export:
    """The rows of one page of a view, which was read already."""
    dataset = find_dataset(slug=slug, viewer=viewer)
    columns = export_columns(dataset=dataset, view=view, viewer=viewer)
    return _export(dataset, format_, page_source(dataset=dataset, page=page, columns=columns))


def _export(
    dataset: Dataset,
    format_: ExportFormat,
    sources: Iterator[Source],
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Export:
    facts = format_.facts
    return Export(
        name=f"{dataset.public_slug}.{facts.extension}",
        media_type=facts.media_type,
        pieces=_Begun(_pieces(dataset, sources, format_, on_rows)),
    )


def export_source(*, name: str, sources: Iterator[Source], format_: ExportFormat) -> Export:
    """Rows that are no dataset's; in no format that describes a dataset. Raises as ``export_view`` does."""
    facts = format_.facts
    pieces = _Begun(_pieces(None, sources, format_))
    return Export(name=f"{name}.{facts.extension}", media_type=facts.media_type, pieces=pieces)


def export_columns(*, dataset: Dataset, view: View, viewer: Viewer) -> list[ExportColumn]:
    """Those that the view shows, in its order."""
    texts = set()
    if dataset.is_read_only:
        texts = {column.name for column in readable_relation(dataset).columns if column.is_as_text}
    fields = fields_of(dataset=dataset, viewer=viewer)
    seen = {
        column.name: ExportColumn(
            name=column.name,
            type=ColumnType(column.type),
            label=column.label,
            description=column.description,
            is_as_text=column.name in texts,
        )
        for column in columns_seen(dataset=dataset, viewer=viewer)
    }
    own = {name: ExportColumn(name=name, type=field.type) for name, field in fields.own.items()}
    return [seen[name] if name in seen else own[name] for name in view.columns or seen]


def begun(pieces: Generator[bytes]) -> Pieces:
    """The same, with the first one made."""
    return _Begun(pieces)


class _Begun(Iterator[bytes]):
    """Pieces of which the first is made: what can be refused was refused. Closed also where nobody reads them."""

    def __init__(self, pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._first: bytes | None = next(pieces, None)

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return next(self._pieces) if first is None else first

    def close(self) -> None:
        self._pieces.close()


def _pieces(
    dataset: Dataset | None,
    sources: Iterator[Source],
    format_: ExportFormat,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Generator[bytes]:
    with one_of_few():
        for source in sources:
            encoder = (
                _package(dataset, source) if dataset and format_ is ExportFormat.PACKAGE else _ENCODERS[format_](source)
            )
            waiting = encoder.begin()
            for span in source.spans:
                for printed in print_rows(span, encoder.printing, on_rows=on_rows):
                    waiting += encoder.piece(printed)
                    if waiting:
                        yield waiting
                    waiting = b""
            source.check_end()
            waiting += encoder.end()
            if waiting:
                yield waiting


def _package(dataset: Dataset, source: Source) -> Encoder:
    sources = sources_of(dataset)
    facts = PackageFacts(
        name=dataset.public_slug,
        title=dataset.name,
        sources=[f"{each.file_name}: {each.source}" if each.source else each.file_name for each in sources],
        created=timezone.now().isoformat(timespec="seconds"),
        about=About.of(dataset),
    )
    return PackageEncoder(source.columns, facts)


def _csv(source: Source) -> Encoder:
    return CsvEncoder(source.columns)


def _excel_csv(source: Source) -> Encoder:
    return ExcelCsvEncoder(source.columns)


def _workbook(source: Source) -> Encoder:
    return WorkbookEncoder(source.columns, measure_values(source.spans, source.columns, with_texts=True))


def _parquet(source: Source) -> Encoder:
    from uploads.services.exporting.arrow import ParquetEncoder  # noqa: PLC0415 - few exports need Arrow

    return ParquetEncoder(source.columns, measure_values(source.spans, source.columns))


def _json_lines(source: Source) -> Encoder:
    return JsonLinesEncoder(source.columns)


def _arrow(source: Source, *, is_file: bool = False) -> Encoder:
    from uploads.services.exporting.arrow import ArrowEncoder  # noqa: PLC0415 - few exports need Arrow

    return ArrowEncoder(source.columns, measure_values(source.spans, source.columns), is_file=is_file)


_ENCODERS: dict[ExportFormat, Callable[[Source], Encoder]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.EXCEL_CSV: _excel_csv,
    ExportFormat.XLSX: _workbook,
    ExportFormat.PARQUET: _parquet,
    ExportFormat.NDJSON: _json_lines,
    ExportFormat.ARROW: _arrow,
    ExportFormat.ARROW_FILE: partial(_arrow, is_file=True),
}
