"""The names of a zip's members as their packer meant them.

A name is in UTF-8 where its flag says so (bit 11, APPNOTE 4.4.4), or where the Unicode path field says it once more
(0x7075, APPNOTE 4.6.9: WinRAR and Info-ZIP write it). Else it is in the code page of whoever packed it, although by the
standard it is in code page 437, as which ``zipfile`` reads it: Windows Explorer and what came before it write the
*OEM* page of the country (code page 850 in German, 866 in Russian), Unix tools what the system was set to, today UTF-8.
All such names of one archive come from one system, so they are judged together.
"""

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from uploads.tabular.archive.name_words import NAME_WORDS
from uploads.tabular.encoding.codec_names import known_codec
from uploads.tabular.encoding.legacy import rank_legacy

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_OEM = frozenset(
    {
        "cp437", "cp737", "cp775", "cp850", "cp852", "cp857", "cp866", "cp874", "cp932", "gb18030", "cp949", "big5hkscs"
    }
)  # fmt: skip
"""Code pages of the console of Windows, by which it names members; those of the East serve for everything there."""
_FAR_EAST = {
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "big5hkscs"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift_jis_2004", "shift_jisx0213", "cp932"), "cp932"),
    **dict.fromkeys(("euc_kr", "cp949"), "cp949"),
}
_MADE_BY_DOS = frozenset({0, 10, 11})
"""MS-DOS, NTFS and MVS as the system that an entry was made on (APPNOTE 4.4.2); Windows Explorer says 0, WinZip 11."""
_READS_WELL = 0.6
"""Below this score the names are not in any of those pages: some libraries write that of Windows' windows instead."""


def name_members(infos: Sequence[zipfile.ZipInfo], *, given: str | None = None) -> str | None:
    """Give each member its name, in place; returns the encoding that some were judged to be in, unless it is UTF-8.

    ``given``: the encoding that a person says the members' texts are in. Where that is one of the Far East, Windows
    writes names in it too.
    """
    judged: list[tuple[zipfile.ZipInfo, bytes]] = []
    for info in infos:
        if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
            continue
        raw = info.orig_filename.encode("cp437")
        said = _unicode_path(info.extra, raw)
        if said is None:
            judged.append((info, raw))
        else:
            info.filename = _as_path(said)
    if not judged:
        return None
    names = [raw for _, raw in judged]
    codec = _said(names, given)
    if codec is None:
        # Names that were added by another program may be in UTF-8 among others that are not.
        others = [(info, raw) for info, raw in judged if not _is_utf8(raw)] or judged
        codec = _encoding_of([raw for _, raw in others], [info.create_system for info, _ in others])
    for info, raw in judged:
        info.filename = _as_path(_decoded(raw, codec))
    return None if codec == "utf-8" else codec


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(raw: bytes, codec: str) -> str:
    """A name in the encoding of all; in UTF-8 if it can be that, and has lines of frames, signs or controls by the
    other."""
    text = raw.decode(codec, "replace")
    has_signs = any(unicodedata.category(c)[0] in "SC" for c in text if not c.isascii())
    return raw.decode("utf-8") if has_signs and _is_utf8(raw) else text


def _said(names: Sequence[bytes], given: str | None) -> str | None:
    """The code page of a Far Eastern encoding that a person named, if the names can be in it."""
    codec = _FAR_EAST.get(known_codec(given)) if given is not None else None
    try:
        b"\n".join(names).decode(codec or "ascii")
    except UnicodeDecodeError:
        return None
    return codec


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name that the Unicode path field says; ``None`` without one, or where the name was changed since."""
    for kind, data in _fields(extra):
        if kind == _UNICODE_PATH and len(data) > 5:
            version, checksum = struct.unpack_from("<BL", data)
            if version == 1 and checksum == zlib.crc32(raw):
                try:
                    return data[5:].decode("utf-8")
                except UnicodeDecodeError:
                    return None
    return None


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields of an entry: a number of two bytes, a length of two bytes, data."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size


def _encoding_of(names: Sequence[bytes], systems: Sequence[int]) -> str:
    together = b"\n".join((*names, b""))
    try:
        together.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if _MADE_BY_DOS.issuperset(systems):
        if known := _by_words(together):
            return known
        best = rank_legacy(together, together, among=_OEM)[0]
        if best.score >= _READS_WELL:
            return best.codec
        if _are_syllables(together):
            return "cp949"
    best = rank_legacy(together, together)[0]
    return best.codec if best.score >= _READS_WELL else "cp437"


def _by_words(names: bytes) -> str | None:
    """The code page in which the names hold words that files are named after; ``None`` where none is, or two are."""
    letters = {codec: _letters_of_words(names, codec) for codec in NAME_WORDS}
    most = max(letters.values())
    best = [codec for codec, count in letters.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _letters_of_words(names: bytes, codec: str) -> int:
    """How many letters belong to such words."""
    try:
        text = names.decode(codec)
    except UnicodeDecodeError:
        return 0
    return sum(len(word) for word in NAME_WORDS[codec] if word in text)


def _are_syllables(names: bytes) -> bool:
    """Whether all letters beyond ASCII are everyday syllables of Korean (KS X 1001): a short name has few of the most
    frequent ones, by which longer texts are told. Hardly any other names are so by chance."""
    try:
        text = names.decode("euc_kr")
    except UnicodeDecodeError:
        return False
    beyond = [c for c in text if not c.isascii()]
    return len(beyond) > 1 and all("가" <= c <= "힣" for c in beyond)


def _as_path(name: str) -> str:
    """As ``zipfile`` does it: what follows a NUL is no part of a name."""
    return name.partition("\x00")[0]
