"""Ways to spoil a file: its bytes, the members of a zip, the XML in them, what a gzip holds."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random

TOKENS = (
    *(
        b'"',
        b"'",
        b'""',
        b"\\",
        b";",
        b",",
        b"\t",
        b"|",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
    ),
    *(
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xc3",
        b"\x81",
        b"\xed\xa0\x80",
        "\u2028".encode(),
        b"\x1a",
        b"=1+1",
        b"1e999",
        b"-0",
    ),
    *(b"9" * 40, b"NA", b"TRUE", b"0001", b"1.234,56", b"29/02/2023", b"2023-01-31T10:00:00+14:00", b" ", b"a" * 300),
)
XML_TOKENS = (
    *(b'r="XFD1048576"', b'r="A0"', b'r="ZZZZ9"', b'r=""', b't="s"', b't="b"', b't="e"', b't="d"', b't="inlineStr"'),
    *(
        b"<v>-1</v>",
        b"<v>4294967296</v>",
        b"<v>1e308</v>",
        b"<v></v>",
        b"<row/>",
        b"</row>",
        b"<c/>",
        b"&#0;",
        b"&lol;",
    ),
    *(
        b'ref="A1:XFD1048576"',
        b'ref="C5:A1"',
        b'count="4000000000"',
        b"<f>A1</f>",
        b"<![CDATA[x]]>",
        b"<is><t>x</t></is>",
    ),
    *(
        b'state="veryHidden"',
        b'table:number-columns-repeated="16384"',
        b'table:number-rows-repeated="1048576"',
        b"_x0000_",
        b'colspan="1000"',
        b'rowspan="65534"',
        b'ss:Index="1048577"',
        b'ss:MergeAcross="16384"',
        b"<table>",
        b"</table>",
        b"<!--",
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
    ),
)
_NUMBER = re.compile(rb"-?\d+")
_ELEMENT = re.compile(rb"<[A-Za-z:]+[^<>]*(?:/>|>[^<>]*</[A-Za-z:]+>)")
_METHODS = (*[zipfile.ZIP_DEFLATED] * 80, *[zipfile.ZIP_STORED] * 18, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_LARGEST = 300_000


def spoil_bytes(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A few accidents, each at a place of its own."""
    for _ in range(1 + int(random.expovariate(0.5))):
        data = random.choice(_ACCIDENTS)(random, data, random.choice(others))
    return data[:_LARGEST]


def spoil_text(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Bytes spoiled, and now and then the whole in another encoding or with other line ends."""
    data = spoil_bytes(random, data, others)
    if random.random() < 0.15:
        codec = random.choice(
            ["utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "cp1251", "shift_jis", "gb18030"]
        )
        data = data.decode("utf-8", "replace").encode(codec, "replace")
    if random.random() < 0.15:
        data = data.replace(b"\n", random.choice([b"\r", b"\r\n", b"\n\r", b"\n\n"]))
    return data


def spoil_markup(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Elements, attributes and figures of one text of markup, and now and then its bytes."""
    if random.random() < 0.2:
        return spoil_text(random, data, others)
    return _spoil_member(random, data, others)[:_LARGEST]


def spoil_gzip(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """What it holds, cut into several members, or its own bytes."""
    if random.random() < 0.3:
        return spoil_bytes(random, data, others)
    text = spoil_text(random, gzip.decompress(data), [gzip.decompress(other) for other in others])
    cut = random.randrange(len(text) + 1)
    members = [text] if random.random() < 0.5 else [text[:cut], text[cut:]]
    packed = b"".join(gzip.compress(member, compresslevel=1, mtime=0) for member in members)
    return packed if random.random() < 0.8 else spoil_bytes(random, packed, others)


def spoil_zip(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A member's content or name, the set of members, or the archive's own bytes."""
    if random.random() < 0.2:
        return spoil_bytes(random, data, others)
    try:
        members = _members(data)
    except zipfile.BadZipFile:  # a seed that is spoiled already
        return spoil_bytes(random, data, others)
    for _ in range(1 + int(random.expovariate(0.7))):
        if not members:
            break
        index = random.randrange(len(members))
        name, content = members[index]
        act = random.random()
        if act < 0.75:
            members[index] = (name, _spoil_member(random, content, [content for _, content in members]))
        elif act < 0.8:
            members[index] = (
                spoil_bytes(random, name.encode(), [b"../", b"\\", b"a.csv"]).decode("utf-8", "replace"),
                content,
            )
        elif act < 0.85:
            del members[index]
        else:
            members.insert(random.randrange(len(members) + 1), (name, random.choice(members)[1]))
    packed = _packed(random, members)
    return packed if random.random() < 0.9 else spoil_bytes(random, packed, others)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir()]


def _packed(random: Random, members: Sequence[tuple[str, bytes]]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members:
            if name not in archive.NameToInfo:
                archive.writestr(zipfile.ZipInfo(name.split("\0")[0] or "x"), content, random.choice(_METHODS))
    return sink.getvalue()


def _spoil_member(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    if content.lstrip()[:1] != b"<":
        return spoil_bytes(random, content, others)
    for _ in range(1 + int(random.expovariate(0.5))):
        content = random.choice(_XML_ACCIDENTS)(random, content, random.choice(others))
    return content


def _flip(random: Random, data: bytes, _other: bytes) -> bytes:
    spoiled = bytearray(data)
    for _ in range(random.randint(1, 8)):
        # Formats with sectors are mostly padding: try a few times for a byte that says something.
        places = [random.randrange(len(data)) for _ in range(6)] if data else []
        place = next((place for place in places if data[place]), places[0] if places else None)
        if place is not None:
            spoiled[place] = random.choice([spoiled[place] ^ 1 << random.randrange(8), random.randrange(256), 0, 255])
    return bytes(spoiled)


def _cut(random: Random, data: bytes, _other: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _leave_out(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _range(random, data)
    return data[:start] + data[end:]


def _repeat(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = _range(random, data)
    return data[:start] + data[start:end] * random.choice([2, 2, 3, 50]) + data[end:]


def _insert(random: Random, data: bytes, _other: bytes) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(TOKENS) * random.choice([1, 1, 1, 2, 9]) + data[place:]


def _splice(random: Random, data: bytes, other: bytes) -> bytes:
    start, end = _range(random, other)
    place = random.randrange(len(data) + 1)
    return data[:place] + other[start:end] + data[place:]


def _range(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + int(random.expovariate(1 / 60)))


def _change_number(random: Random, content: bytes, _other: bytes) -> bytes:
    numbers = list(_NUMBER.finditer(content))
    if not numbers:
        return content
    found = random.choice(numbers)
    number = random.choice(
        [b"0", b"-1", b"1", b"2958466", b"65536", b"1048577", b"4294967295", b"9" * 25, b"0.1", b"x"]
    )
    return content[: found.start()] + number + content[found.end() :]


def _change_element(random: Random, content: bytes, _other: bytes) -> bytes:
    elements = list(_ELEMENT.finditer(content))
    if not elements:
        return content
    found, twin = random.choice(elements), random.choice(elements)
    replaced = random.choice([b"", found[0] * 2, twin[0]])
    return content[: found.start()] + replaced + content[found.end() :]


def _change_attribute(random: Random, content: bytes, _other: bytes) -> bytes:
    gaps = [found.end() for found in re.finditer(rb"<[A-Za-z:]+ ?", content)]
    if not gaps:
        return content
    place = random.choice(gaps)
    return content[:place] + b" " + random.choice(XML_TOKENS) + b" " + content[place:]


_Accident = Callable[[Random, bytes, bytes], bytes]
_ACCIDENTS: tuple[_Accident, ...] = (_flip, _flip, _cut, _leave_out, _repeat, _insert, _insert, _insert, _splice)
_XML_ACCIDENTS: tuple[_Accident, ...] = (
    *(_change_number,) * 5,
    *(_change_element,) * 5,
    *(_change_attribute,) * 3,
    *(_flip, _leave_out),
)
