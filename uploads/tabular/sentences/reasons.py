"""The words for a reason why a row was rejected, made from its code and figures. Nothing ever looks into them."""

from collections.abc import Mapping
from typing import Any

from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import ColumnType
from uploads.tabular.types.dates.words import in_words

_KINDS = {
    ColumnType.BOOLEAN: "a yes-or-no value",
    ColumnType.BIGINT: "a whole number",
    ColumnType.NUMERIC: "a number",
    ColumnType.DOUBLE: "a floating-point number",
    ColumnType.DATE: "a date",
    ColumnType.TIMESTAMP: "a date with time",
    ColumnType.TIMESTAMPTZ: "a date with time and zone",
}
_GENERAL = {
    RejectCode.TOO_FEW_CELLS: "too few cells",
    RejectCode.TOO_MANY_CELLS: "too many cells",
    RejectCode.NO_RECORD: "no JSON record",
    RejectCode.UNDECODABLE: "holds a letter that cannot be read",
    RejectCode.NUL_BYTE: "holds a character that cannot be stored (NUL)",
    RejectCode.EQUAL_KEY: "stands in an earlier row too",
    RejectCode.BLANK_KEY: "is empty, and tells rows apart",
}
_FIXED = {
    RejectCode.STRAY_QUOTE: "a quote stands inside a cell, so it is not clear where the cell ends",
    RejectCode.UNCLOSED_QUOTE: "a quote opens a cell on this line and is never closed",
    RejectCode.REPEATED_HEADER: "the header stands here once more",
}


def reason_in_words(reason: Reason) -> str:
    """What is wrong with the row, in full: ``"1,5x" is not a number``."""
    figures = reason.figures
    match reason.code:
        case RejectCode.BAD_VALUE:
            return _misfits(figures["misfits"])
        case RejectCode.TOO_FEW_CELLS | RejectCode.TOO_MANY_CELLS:
            return _width_fault(figures)
        case RejectCode.NUL_BYTE | RejectCode.UNDECODABLE:
            return _no_letter(reason)
        case RejectCode.EQUAL_KEY | RejectCode.BLANK_KEY:
            return _key_fault(reason)
        case RejectCode.NO_RECORD:
            return f"this is no JSON record: {figures['why']}"
        case _:
            return _FIXED[reason.code]


def reason_in_general(reason: Reason) -> str:
    """What rows that are rejected alike have in common, without their values: ``is not a number``."""
    if reason.code is RejectCode.BAD_VALUE:
        return _fault(reason.figures["misfits"][0])
    return _GENERAL.get(reason.code) or reason_in_words(reason)


def _width_fault(figures: Mapping[str, Any]) -> str:
    if "columns" in figures:
        return f"a value stands beyond the last of {figures['columns']} columns"
    return f"{figures['cells']} cell{'s' * (figures['cells'] != 1)} instead of {figures['width']}"


def _no_letter(reason: Reason) -> str:
    figures = reason.figures
    if reason.code is RejectCode.NUL_BYTE:
        holds = _GENERAL[RejectCode.NUL_BYTE]
        return f"A cell {holds}." if figures.get("sheet") else f"the cell {holds}"
    if "byte" not in figures:  # of a whole record, or an older load
        return "a letter cannot be read: it is not written as the others are"
    return (
        f"character {figures['at']:,} of the cell cannot be read (byte {figures['byte']}):"
        " type it under “View rejected rows”, or choose the encoding that the file was saved in"
    )


def _key_fault(reason: Reason) -> str:
    figures = reason.figures
    key = " and ".join(figures["columns"])
    if reason.code is RejectCode.BLANK_KEY:
        return f"{key} is empty, and rows are told apart by it"
    source = f" of “{figures['source']}”" if figures.get("source") else ""
    return f"{key} “{figures['value']}” stands in row {figures['first']:,}{source} already"


def _misfits(misfits: list[Mapping[str, Any]]) -> str:
    """The first misfit names column and value; of several each is named."""
    words = [f'"{misfit["value"]}" {_fault(misfit)}' for misfit in misfits]
    if len(misfits) > 1:
        labels = [misfit["label"] for misfit in misfits]  # blank where one was stored without its column's name
        words = [f"{label}: {fault}" if label else fault for label, fault in zip(labels, words, strict=True)]
    return "; ".join(words)


def _fault(misfit: Mapping[str, Any]) -> str:
    form = ""
    if "pattern" in misfit and (pattern := in_words(misfit["pattern"])):
        years = f", of {misfit['years']}" if "years" in misfit else ""
        form = f" written as {pattern.replace(';', ' or ')}{years}"
    elif "true" in misfit:
        form = f' ("{misfit["true"]}" or "{misfit["false"]}")'
    return f"is not {_KINDS[ColumnType(misfit['type'])]}{form}"
