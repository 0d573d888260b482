"""A line of bytes as text in which every byte can be seen, whatever it is."""

import codecs

from uploads.tabular.encoding.marked_bytes import MARK_BYTES


def decode_line(data: bytes, *, codec: str, other: str | None = None, is_cut: bool = False) -> str:
    """The line by its file's encoding; bytes that cannot be decoded stand in it as lone surrogates.

    ``other``: of lines that are not in ``codec``. ``is_cut``: the last character may be there in part, and is left out.
    """
    if other is not None:
        try:
            return _decoded(data, codec, errors="strict", is_cut=is_cut)
        except UnicodeDecodeError:
            codec = other
    return _decoded(data, codec, errors=MARK_BYTES, is_cut=is_cut)


def _decoded(data: bytes, codec: str, *, errors: str, is_cut: bool) -> str:
    return codecs.getincrementaldecoder(codec)(errors).decode(data, final=not is_cut)
