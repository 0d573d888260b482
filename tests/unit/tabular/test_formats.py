"""Every face of what is read follows the one table of formats."""

from pathlib import Path

import pytest

from uploads.models import Load
from uploads.tabular.files.kind import MARKUP, RECORDS
from uploads.tabular.formats import FORMATS, SUFFIXES, is_archive_name
from uploads.tabular.names import dataset_slug
from uploads.tabular.table import FileFormat
from uploads.views.upload import ACCEPTED

README = (Path(__file__).resolve().parents[3] / "README.md").read_text()


def test_every_format_is_declared_and_no_extension_twice() -> None:
    declared = [suffix for facts in FORMATS.values() for suffix in facts.suffixes]

    assert set(FORMATS) == set(FileFormat)
    assert len(declared) == len(set(declared))


def test_formats_fit_into_their_column_and_its_choices() -> None:
    field = Load._meta.get_field("format")

    assert [value for value, _ in field.choices or ()] == [kind.value for kind in FileFormat]
    assert max(map(len, FileFormat)) <= (field.max_length or 0)


def test_page_offers_and_names_lose_every_extension() -> None:
    assert ACCEPTED.split(",") == list(SUFFIXES)
    for suffix in SUFFIXES:
        assert dataset_slug(f"Sales 2023{suffix.upper()}") == "sales_2023"


@pytest.mark.parametrize("kind", [*MARKUP.values(), *RECORDS.values(), FileFormat.JSONL])
def test_readme_names_what_is_read(kind: FileFormat) -> None:
    words = {FileFormat.XML: "XML of Excel 2003", FileFormat.HTML: "HTML tables"}

    assert words.get(kind, FORMATS[kind].suffixes[0].removeprefix(".")).lower() in README.lower()


def test_name_of_an_archive_is_known_packed_or_not() -> None:
    assert all(map(is_archive_name, ("a.zip", "A.TAR", "a.tar.zst", "a.tgz")))
    assert not any(map(is_archive_name, ("a.csv.gz", "tar.csv", "a.xz")))
