"""Texts whose lines are in two encodings, and control codes that were characters of Windows-1252."""

import codecs
import io
from pathlib import Path

import pytest

from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.mixed_codec import mixed_codec, other_lines
from uploads.tabular.encoding.text_facts import gather_facts
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

GERMAN = "id;Käufer\n1;Jörg Müller\n2;Bärbel Groß\n3;Zoë Weiß\n4;Günter Köhler\n"
POLISH = "5;Łukasz Żak\n6;Małgorzata Wójcik\n7;Jędrzej Dąbrowski\n8;Święta Góra\n"
RUSSIAN = "5;Иван Петров\n6;Ольга Сидорова\n7;Москва\n8;раз\n"
FRENCH = "5;né à Orléans\n6;marié\n7;José\n8;Hélène Lefèvre\n"
CHINESE = "1;女;北京\n2;男;上海\n3;女\n4;男\n5;数据;女\n6;女\n"
JAPANESE = "5;売上データ\n6;東京都\n7;顧客の名前\n8;山田さん\n"
THAI = "1;ไทย\n2;กรุงเทพ\n3;มาก\n4;น้อย\n5;ดี\n"


def decided(data: bytes, **said: str) -> Encoding:
    return decide_encoding(gather_facts([data]), **said)


@pytest.mark.parametrize(
    ("other", "text"),
    [("cp1252", FRENCH), ("cp1250", POLISH), ("cp1251", RUSSIAN), ("cp850", GERMAN), ("cp932", JAPANESE)],
)
@pytest.mark.parametrize("times", [1, 8])
def test_each_line_is_read_in_its_encoding(other: str, text: str, times: int) -> None:
    data = GERMAN.encode() * times + text.encode(other) + GERMAN.encode()
    encoding = decided(data)
    assert encoding.other == other
    assert encoding.shown == "utf-8"
    assert data.decode(encoding.codec) == GERMAN * times + text + GERMAN


def test_columns_of_two_programs_are_read_word_by_word() -> None:
    """No line is UTF-8, for its last column never is."""
    names, towns = ("Jörg", "Bärbel", "Zoë", "Günter"), ("Köln", "Görlitz", "Fürth", "Weißenfels")
    data = b"id;name;town\n" + b"".join(
        f"1;{name};".encode() + f"{town}\n".encode("cp1252") for name, town in zip(names, towns, strict=True)
    )
    encoding = decided(data)
    assert encoding.other == "cp1252"
    assert data.decode(encoding.codec).split("\n")[1:3] == ["1;Jörg;Köln", "1;Bärbel;Görlitz"]


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", GERMAN + FRENCH),
        ("cp1251", RUSSIAN),
        ("cp866", "1;раз\n2;сад\n3;Москва река\n4;Россия\n5;раз\n"),
        ("gb18030", CHINESE),
        ("cp874", THAI),
        ("cp932", JAPANESE),
    ],
)
def test_text_in_one_encoding_stays_one(codec: str, text: str) -> None:
    """Some of these lines are valid UTF-8 by chance."""
    encoding = decided(text.encode(codec))
    assert (encoding.codec, encoding.other) == (codec, None)


def test_pure_utf8_stays_pure() -> None:
    assert decided((GERMAN + RUSSIAN + CHINESE).encode()) == Encoding(codec="utf-8")


@pytest.mark.parametrize(
    "bad",
    [b"9;M\xffller\n", b"9;M\xfcller\n", "9;ÄÖÜ".encode()[:-1] + b";x\n", ("9;GRÜSSE Ä".encode()[:-1] + b";x\n") * 5],
    ids=["no letter anywhere", "one line in Latin-1", "one character cut", "many characters cut"],
)
def test_a_few_bad_bytes_are_damage(bad: bytes) -> None:
    encoding = decided(GERMAN.encode() * 20 + bad)
    assert encoding.codec == "utf-8"
    assert [note.kind for note in encoding.notes] == [NoteKind.BAD_BYTES]


def test_line_that_holds_both_is_read_by_its_bytes() -> None:
    data = GERMAN.encode() + FRENCH.encode("cp1252") + "9;Jörg ".encode() + "Müller\n".encode("cp1252")
    encoding = decided(data)
    assert data.decode(encoding.codec).splitlines()[-1] == "9;Jörg Müller"


@pytest.mark.parametrize(
    "line",
    ["1;Пётр;Лёша", "2;Ні, Ліна;Київ", "3;СЁМА;Тарасівка", "4;її;Міла Кір"],
)
def test_words_whose_letters_are_utf8_by_chance_are_read_like_their_line(line: str) -> None:
    """The pairs ``Пё``, ``Ні``, ``Лі`` and ``Кі`` of code page 1251 are valid UTF-8."""
    data = RUSSIAN.encode() * 3 + f"{line};Ольга Сидорова\n5;раз\n6;сад\n".encode("cp1251") + GERMAN.encode()
    encoding = decided(data)
    assert encoding.other == "cp1251"
    assert data.decode(encoding.codec).splitlines()[12] == f"{line};Ольга Сидорова"


@pytest.mark.parametrize("utf8", ["Москва", "г", "Jörg", "中", "Αθήνα"])
def test_utf8_within_a_line_of_cyrillic_stays_utf8(utf8: str) -> None:
    cyrillic = "Иван Петров;Ольга;".encode("cp1251")
    data = RUSSIAN.encode() * 3 + "5;раз\n6;сад\n7;Москва река\n".encode("cp1251") + cyrillic + utf8.encode() + b"\n"
    encoding = decided(data)
    assert data.decode(encoding.codec).splitlines()[-1] == f"Иван Петров;Ольга;{utf8}"


def test_what_a_person_said_of_such_files_is_what_the_other_lines_are_in() -> None:
    data = GERMAN.encode() + "5;æ ø å\n6;Søren\n".encode("cp1252")
    assert decided(data, likely="iso8859-15").other == "iso8859-15"
    assert decided(data, given="cp1252").other == "cp1252"


@pytest.mark.parametrize("many", [400, 40_000])
def test_lines_that_are_few_among_many_are_found(many: int) -> None:
    """What is kept of a block of 2 MiB to judge by are its first lines."""
    legacy, utf8 = (FRENCH * many).encode("cp1252"), (GERMAN * many).encode()
    for data in (legacy + GERMAN.encode(), utf8 + FRENCH.encode("cp1252")):
        blocks = [data[at : at + 2**21] for at in range(0, len(data), 2**21)]
        assert decide_encoding(gather_facts(blocks)).other == "cp1252"


def test_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GERMAN.encode() + FRENCH.encode("cp1252"))
    [table] = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=20)
    assert [column.label for column in table.columns] == ["id", "Käufer"]
    assert [row[2] for row in table.head][-1] == "Hélène Lefèvre"
    [note] = [note for note in table.notes if note.kind is NoteKind.TWO_ENCODINGS]
    assert {name: note.figures[name] for name in ("encoding", "count", "lines")} == {
        "encoding": "cp1252",
        "count": 4,
        "lines": [6, 7, 8, 9],
    }
    assert table.dialect.encoding == "utf-8"


@pytest.mark.parametrize("named", ["cp1252", "cp850", "iso8859-2"])
def test_encoding_that_a_person_names_is_that_of_the_other_lines(tmp_path: Path, named: str) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(GERMAN.encode() + FRENCH.encode("cp1252"))
    [table] = inspect_file(path, options=ReadOptions(encoding=named), limits=Limits(), head_rows=20)
    assert [column.label for column in table.columns] == ["id", "Käufer"]
    assert [row[2] for row in table.head][-1] == "Hélène Lefèvre".encode("cp1252").decode(named)
    [note] = [note for note in table.notes if note.kind is NoteKind.TWO_ENCODINGS]
    assert (note.figures["encoding"], note.figures["ways"]) == (named, [])


CZECH = "5;Tomáš Žižkov\n6;Šárka Košice\n7;Jiří Plzeň\n"


@pytest.mark.parametrize(
    ("text", "codec", "ways"),
    [(CZECH, "iso8859-2", ("cp1250",)), (CZECH, "cp1250", ("cp1252",)), (FRENCH, "cp1252", ("cp1250", "cp1257"))],
)
def test_other_encodings_are_offered_where_the_lines_are_text_in_them(
    text: str, codec: str, ways: tuple[str, ...]
) -> None:
    assert decided(GERMAN.encode() + text.encode(codec)).other_ways == ways


def test_each_way_that_is_offered_reads_the_other_lines_anew(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(GERMAN.encode() + CZECH.encode("iso8859-2"))
    [told] = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=20)
    [note] = [note for note in told.notes if note.kind is NoteKind.TWO_ENCODINGS]
    texts = {str([row[2] for row in told.head])}
    for way in note.figures["ways"]:
        [table] = inspect_file(path, options=ReadOptions(**way["options"]), limits=Limits(), head_rows=20)
        texts.add(str([row[2] for row in table.head]))
    assert len(texts) == 1 + len(note.figures["ways"]) == 2


@pytest.mark.parametrize("named", ["utf-8", "utf-16-le"])
def test_what_is_no_encoding_of_single_lines_is_taken_for_all(named: str) -> None:
    facts = gather_facts([GERMAN.encode() + FRENCH.encode("cp1252")])
    assert (decide_encoding(facts, given=named).other, decide_encoding(facts, given=named).codec) == (None, named)


def test_text_of_one_encoding_is_read_by_the_one_that_is_named() -> None:
    facts = gather_facts([FRENCH.encode("cp1252")])
    assert (decide_encoding(facts, given="cp850").other, decide_encoding(facts, given="cp850").codec) == (None, "cp850")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_stream_is_read_alike_whatever_its_pieces(end: str) -> None:
    text = (GERMAN + FRENCH).replace("\n", end)
    data = (GERMAN.replace("\n", end)).encode() + FRENCH.replace("\n", end).encode("cp1252")
    decoder_of = codecs.getincrementaldecoder(mixed_codec(other="cp1252"))
    for size in (1, 2, 3, 7, 1000):
        decoder = decoder_of()
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert "".join(map(decoder.decode, pieces)) + decoder.decode(b"", final=True) == text
    assert other_lines(io.BytesIO(data)) == (4, [6, 7, 8, 9])


class TestControls:
    def test_are_read_as_what_was_meant(self, tmp_path: Path) -> None:
        path = tmp_path / "trips.csv"
        path.write_bytes("trip;cost\n7 \x96 8 Feb;£584\n\x93x\x85\x94 \x80;£1\n".encode())
        [table] = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=20)
        assert [row[1] for row in table.head] == ["7 – 8 Feb", "“x…” €"]
        assert [note.figures for note in table.notes if note.kind is NoteKind.CONTROLS_MENDED] == [
            {"count": 5, "marks": [["–", 1], ["“", 1], ["…", 1]], "line": 2}
        ]
        [asked] = inspect_file(path, options=ReadOptions(encoding="utf-8"), limits=Limits(), head_rows=20)
        assert asked.head[0][1] == "7 \x96 8 Feb"

    @pytest.mark.parametrize(
        "text", ["d\x92Estournel", "\x95 none", "\x93so\x94", "L\x9cil d\x92or", "it\x92s \x80", "site\x86"]
    )
    def test_words_and_signs_are_read_as_they_were_written(self, text: str) -> None:
        data = f"x;y\n{text};1\n"
        meant = text.encode("latin-1").decode("cp1252")
        assert data.encode().decode(decided(data.encode()).codec) == f"x;y\n{meant};1\n"

    @pytest.mark.parametrize("text", ["a\x85b", "a\x96b\x81", "²L\x93·µùúI", "þĽ\x80Å", "ab", "a\u00a0b", "Â°"])
    def test_others_stay(self, text: str) -> None:
        """A line end of mainframes alone, a code that is none in Windows-1252, noise, and what is no control code."""
        assert decided(f"x;y\n{text};1\n".encode()).codec == "utf-8"

    @pytest.mark.parametrize(("other", "text"), [("cp1252", FRENCH), ("cp932", JAPANESE)])
    def test_lines_in_another_encoding_are_read_as_well(self, other: str, text: str) -> None:
        data = ("1;7 \x96 8\n" + GERMAN).encode() + text.encode(other)
        assert data.decode(decided(data).codec) == "1;7 – 8\n" + GERMAN + text
