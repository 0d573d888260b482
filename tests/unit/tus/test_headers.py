"""Headers of a tus request are read strictly, whatever comes."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uploads.tus.errors import Refused
from uploads.tus.headers import Headers, metadata_header


def headers(**values: str) -> Headers:
    return Headers((name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in values.items())


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_number_up_to_the_biggest_is_read(number: int) -> None:
    assert headers(Upload_Offset=str(number)).integer("Upload-Offset") == number


@given(st.binary(max_size=40))
@example(b"! \x80")
def test_anything_else_is_refused_and_never_breaks(value: bytes) -> None:
    for name in ("upload-offset", "upload-metadata", "upload-checksum"):
        read = Headers([(name.encode(), value)])
        with contextlib.suppress(Refused):
            number = read.integer(name)
            assert number is not None
            assert str(number) == value.decode().strip().lstrip("0") or number == 0
        with contextlib.suppress(Refused):
            read.metadata()
        with contextlib.suppress(Refused):
            read.checksum()


@given(st.dictionaries(st.from_regex(r"[a-z]{1,10}", fullmatch=True), st.text(max_size=50)))
def test_metadata_survive_the_way_there_and_back(values: dict[str, str]) -> None:
    assert headers(Upload_Metadata=metadata_header(values)).metadata() == values


def test_key_without_a_value_has_an_empty_one() -> None:
    assert headers(Upload_Metadata="is_confidential,filename eA==").metadata() == {
        "is_confidential": "",
        "filename": "x",
    }


def test_missing_number_is_none() -> None:
    assert headers().integer("Upload-Offset") is None


def test_header_sent_twice_is_refused_even_with_one_value() -> None:
    with pytest.raises(Refused):
        Headers([(b"Upload-Offset", b"1"), (b"upload-offset", b"1")]).integer("Upload-Offset")
