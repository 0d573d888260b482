"""What was said about how to read a dataset's files holds for later files that name the dataset.

Nothing is stored for it: the newest active file about which anything was said is the memory. So only what staff let in
counts, a later file may say otherwise, and deactivating the file ends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uploads.models import UploadedFile
from uploads.states import FileState

_WORDS = {
    "delimiter": "delimiter “{}”",
    "encoding": "encoding {}",
    "header_row": "header row {}",
    "sheet": "sheet “{}”",
    "decimal": "decimal mark “{}”",
}
_NAMES = {"\t": "tab", " ": "space"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """Reading options as ``parse_options`` gives them, and the file about which they were said."""

    options: Mapping[str, Any]
    file_id: int
    file_name: str

    @property
    def words(self) -> str:
        """The options for people: ``delimiter “;”, day first``."""
        return ", ".join(_in_words(key, value) for key, value in self.options.items())


def remembered_options(*, dataset: str) -> Remembered | None:
    """What holds for files that name the dataset of this slug; ``None`` if nothing was said."""
    file = (
        UploadedFile.objects.filter(state=FileState.ACTIVE, loads__dataset__slug=dataset)
        .exclude(options={})
        .order_by("-pk")
        .first()
    )
    if file is None:
        return None
    return Remembered(options=file.options, file_id=file.pk, file_name=file.name)


def _in_words(key: str, value: Any) -> str:
    if key == "day_first":
        return "day first" if value else "month first"
    if key == "header_row" and value == "none":
        return "no header row"
    return _WORDS.get(key, "everything as text").format(_NAMES.get(str(value), value))
