"""Columns whose names the form of a text's lines tells, where no line is their header."""

from dataclasses import replace

from uploads.tabular.layout.text_choice import TextChoice
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import ReadOptions


def without_header(options: ReadOptions, columns: tuple[str, ...], *, one_table: bool) -> ReadOptions:
    """What a person said, and what the form says: that no line is the header, and all are one table."""
    is_nameless = bool(columns) and options.header_row is None
    return replace(
        options,
        one_table=options.one_table or one_table,
        header_row="none" if is_nameless else options.header_row,
    )


def named_by_form(chosen: TextChoice, columns: tuple[str, ...], options: ReadOptions) -> TextChoice:
    """With the names, unless a person says where the header is: nobody asked to read without one."""
    layout = chosen.layout
    if options.header_row is not None or len(layout.labels) != len(columns):
        return chosen
    notes = tuple(note for note in layout.notes if note.kind is not NoteKind.HEADER_REFUSED)
    return replace(chosen, layout=replace(layout, labels=columns, notes=notes))
