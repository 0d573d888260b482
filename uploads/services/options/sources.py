"""Which of the reading options can mean anything for files that are not read yet, by what their first bytes are."""

import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

from uploads.services.options.catalogue import OPTIONS
from uploads.services.options.option import Source
from uploads.tabular.errors import FileError

HEAD_BYTES = 4096
EVERYTHING = frozenset(Source)


def useless_options(*, options: Iterable[str], paths: Collection[Path]) -> tuple[str, ...]:
    """Those that apply to none of the files: a sheet where all are texts, a delimiter where all are workbooks."""
    in_doubt = [option for option in options if OPTIONS[option].applies_to != EVERYTHING]
    if not in_doubt:
        return ()
    found = frozenset[Source]().union(*map(sources_of, paths))
    return tuple(option for option in in_doubt if not OPTIONS[option].applies_to & found)


def sources_of(path: Path) -> frozenset[Source]:
    """Texts, sheets, or both where an archive may hold them, or the file is none that can be read."""
    from uploads.tabular.files.kind import RECORDS, Kind, content_kind  # noqa: PLC0415 - most commands read no file
    from uploads.tabular.files.packings import PACKED  # noqa: PLC0415
    from uploads.tabular.workbook.kind import is_workbook  # noqa: PLC0415
    from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            kind = content_kind(file.read(HEAD_BYTES), name=path.name)
        if kind is Kind.TEXT:
            return frozenset({Source.TEXT})
        if kind in PACKED or kind is Kind.TAR:
            return EVERYTHING
        if kind is Kind.ZIP:
            with zipfile.ZipFile(path) as package:
                return frozenset({Source.SHEETS}) if is_workbook(package, name=path.name) else EVERYTHING
    except (FileError, OSError, *HARD_TO_UNPACK):
        return EVERYTHING  # why it cannot be read, the load says
    if kind in RECORDS:
        return frozenset({Source.RECORDS})
    return frozenset({Source.ENCODED_SHEETS})
