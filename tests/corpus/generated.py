"""Tables that nobody would wish for, and how Python's ``csv`` writes them."""

import csv
import datetime as dt
import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Literal

Row = tuple[str, ...]
Kind = Callable[[Random], str]

_WORDS = {
    "utf-8": "Größe Žižka 漢字 Ελλάδα naïve emoji😀 I²C",
    "utf-8-sig": "Größe Žižka 漢字 Ελλάδα naïve emoji😀 I²C",
    "utf-16": "Größe Žižka 漢字 Ελλάδα naïve emoji😀 I²C",
    "cp1252": "Größe naïve Ærøskøbing Señor façade",
    "cp1250": "Žižka Łódź Győr Škoda město",
    "cp1251": "Москва Новгород улица Ленина город",
    "cp932": "東京都 大阪府 カタカナ ひらがな",
    "gb18030": "北京市 上海市 广东省 人民 中国",
    "cp850": "Größe naïve Ærøskøbing Señor",
}
"""Words that a text in each encoding may hold."""

_ENCODINGS = ("utf-8",) * 5 + tuple(_WORDS)
_LABELS = ("id", "name", "Price", "unit price", "when", "code", "order", "x y z", "Menge", "is_open", "Data_value")
_ODD_LABELS = ("", "a,b", "a;b", 'the "best"', "two\nlines", "2023", "id", " spaced ", "it's", "a\tb", "ctid", "%s")


def _day(random: Random) -> dt.date:
    return dt.date.fromordinal(
        random.randrange(1, 3_652_059) if random.random() < 0.1 else random.randrange(720_000, 740_000)
    )


def _cents(random: Random) -> str:
    return f"{random.randrange(-(10**6), 10**7) / 100:.2f}"


def _double(random: Random) -> str:
    value: float = struct.unpack("<d", random.randbytes(8))[0]
    return repr(value) if value - value == 0 else "1e-05"


def _one_of(*values: str) -> Kind:
    return lambda random: random.choice(values)


def _any_text(random: Random) -> str:
    """Whatever Unicode has, but no half of a surrogate pair, and none of the controls that make a file binary."""
    most = random.choice([0x7F, 0xFF, 0x17F, 0xD7FF])
    return "".join(chr(random.randint(0x20, most)) for _ in range(random.randrange(12)))


_KINDS: tuple[Kind, ...] = (
    lambda random: str(random.randint(-(10**6), 10**6)),
    lambda random: str(random.randrange(10**17, 10**22)),
    lambda random: f"{random.randrange(10_000):06}",
    lambda random: f"+64{random.randrange(10**8, 10**9)}",
    _cents,
    lambda random: _cents(random).replace(".", ","),
    lambda random: f"{random.randrange(10**7):,}",
    lambda random: f"{random.randrange(10**9) / 100:,.2f}".translate(str.maketrans(",.", ".,")),
    lambda random: f"{random.randrange(1914, 2024)}.{random.randrange(1, 13):02}",
    lambda random: f"2023.{random.randrange(1, 13)}",
    _double,
    lambda random: f"{random.randrange(100)}e{random.randrange(9)}",
    _one_of("1e5", "007", "0x1F", "1_000", "5-1", "3/4", "12:30", "18.00.00", "½", "10%", "€5"),
    _one_of("1 000", "-0", "+1", ".", "1.", ".5", "1,", "00", "0.0", "-", "1-", "1e", "1'000"),
    _one_of("TRUE", "FALSE"),
    _one_of("yes", "no", "Yes"),
    _one_of("0", "1"),
    _one_of("TRUE", "Ann", "null", "None", "NaN", "inf", "NA", "N/A", "-", "\\N", "#REF!", "=1+1", "NUL", "@x"),
    lambda random: str(_day(random)),
    lambda random: f"{_day(random):%d/%m/}{_day(random).year:04}",
    lambda random: f"{random.randrange(1, 13)}/{random.randrange(1, 13)}/{random.randrange(1990, 2030)}",
    lambda random: f"{random.randrange(1, 13)}/{random.randrange(1, 29)}/{random.randrange(1990, 2030)}",
    lambda random: f"{_day(random):%d.%m.}{_day(random).year:04}",
    lambda random: f"{random.randrange(1, 29):02}-{random.choice(['Jan', 'Feb', 'MAR', 'Dec'])}-2021",
    lambda random: f"{_day(random)} {random.randrange(24):02}:{random.randrange(60):02}:00",
    lambda random: f"{_day(random)}T10:00:0{random.randrange(10)}.{random.randrange(1000):03}Z",
    lambda random: f"{_day(random)}T10:00:00+0{random.randrange(3)}:00",
    _one_of('say "hi"', '"', '""', "it's", "'", "'a'", 'a"b', "\\", "a\\", "C:\\n", '5" pipe', '"a" and "b"'),
    _one_of("two\nlines", "two\r\nlines", "\n", "a\rb", "end\n", "\n\nstart", "x\n1\ny"),
    _one_of(";", ",", "a;b", "1,2,3", "x\ty", "a|b", " ; ", "a,b;c|d", "#1", "~", ":"),
    _one_of(" a", "b ", "  ", " 1", "2 ", "\ta", "a\xa0b", "\u2028", "a  b", "\x0c", "3\xa0"),
    _any_text,
    lambda random: "long text " * random.randrange(1, 40),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Written:
    """One table as a file, and what ``csv`` reads of it when told how it was written."""

    data: bytes
    encoding: str
    delimiter: str
    header: Row
    rows: tuple[Row, ...]


def generated(number: int) -> Written:
    """The table of this number: a header and rows below it, all of one width, in some dialect and encoding."""
    random = Random(number)  # noqa: S311 (nothing here is a secret)
    encoding = random.choice(_ENCODINGS)
    word = _one_of(*_WORDS[encoding].split())
    width, count = random.choice([1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 40]), random.choice([1, 2, 3, 5, 8, 13, 25, 60])
    columns = [_column(random, word, count) for _ in range(width)]
    header = _header(random, word, width)
    table = [_encodable(row, encoding) for row in (header, *zip(*columns, strict=True))]
    rows = [row for row in table[1:] if row != table[0]]  # the header once more is told of as such, not as a row
    delimiter = random.choice([",", ",", ";", ";", "\t", "|"])
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL if random.random() < 0.75 else csv.QUOTE_ALL
    end = random.choice(["\n", "\n", "\r\n", "\r\n", "\r"])
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([table[0], *rows])
    written = text.getvalue() if random.random() < 0.8 else text.getvalue().removesuffix(end)
    read = [tuple(row) for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)]
    return Written(
        data=written.encode(encoding), encoding=encoding, delimiter=delimiter, header=read[0], rows=tuple(read[1:])
    )


def _column(random: Random, word: Kind, count: int) -> list[str]:
    """Mostly values of one kind, some blank, now and then a stranger among them."""
    kinds = (*_KINDS, *(word,) * 10)
    kind = random.choice(kinds)
    blank = random.choice([0.0, 0.0, 0.0, 0.1, 0.1, 0.5, 0.95, 1.0])
    cells = ["" if random.random() < blank else kind(random) for _ in range(count)]
    if random.random() < 0.15:
        cells[random.randrange(count)] = random.choice(kinds)(random)
    return cells


def _header(random: Random, word: Kind, width: int) -> list[str]:
    """Words; in some tables also the same twice, none at all, or one with a delimiter or a line break in it."""
    labels = [random.choice(_LABELS) if random.random() < 0.6 else f"{word(random)} {n}" for n in range(width)]
    while width > 1 and random.random() < 0.25:
        labels[random.randrange(width)] = random.choice(_ODD_LABELS)
    if not any(label.strip() for label in labels):
        labels[0] = "id"
    return labels


def _encodable(cells: Iterable[str], encoding: str) -> Row:
    """What the encoding lacks becomes a question mark."""
    return tuple(cell.encode(encoding, "replace").decode(encoding) for cell in cells)
