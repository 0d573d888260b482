"""Names of a zip's members: by the UTF-8 flag, by the Unicode path field, else judged together."""

import struct
import zipfile
import zlib

import pytest

from uploads.tabular.archive.member_names import name_members

DOS, UNIX = 0, 3


def member(raw: bytes, *, system: int = DOS, extra: bytes = b"") -> zipfile.ZipInfo:
    """An entry as ``zipfile`` reads it: a name without the flag in code page 437."""
    info = zipfile.ZipInfo(raw.decode("cp437"))
    info.create_system, info.extra = system, extra
    return info


def unicode_path(name: str, raw: bytes) -> bytes:
    data = struct.pack("<BL", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(data)) + data


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp850", ["Umsätze Übersicht.csv"]),
        ("cp850", ["Übersicht.csv"]),
        ("cp852", ["Kwiecień.csv"]),
        ("cp852", ["Přehled tržeb.csv", "Zásoby.csv"]),
        ("cp866", ["Продажи.csv"]),
        ("cp857", ["Satış raporu.csv", "Müşteri listesi.csv"]),
        ("cp737", ["Πωλήσεις.csv"]),
        ("cp932", ["売上データ.csv"]),
        ("gb18030", ["销售数据.csv"]),
        ("cp949", ["매출.csv", "판매데이터.csv", "고객명단.csv"]),
        ("cp949", ["매출현황.csv"]),
        ("cp949", ["판매.csv"]),
        ("big5", ["銷售報表.csv"]),
        ("big5", ["台北.csv"]),
        ("gb18030", ["广州.csv"]),
        ("cp932", ["福岡.csv"]),
    ],
)
def test_names_by_windows_are_in_the_page_of_its_country(encoding: str, names: list[str]) -> None:
    members = [member(name.encode(encoding)) for name in names]
    assert name_members(members) is not None
    assert [info.filename for info in members] == names


def test_name_without_the_flag_is_utf8_where_all_are() -> None:
    members = [member("Umsätze.csv".encode(), system=UNIX), member("Продажи.csv".encode(), system=UNIX)]
    assert name_members(members) is None
    assert [info.filename for info in members] == ["Umsätze.csv", "Продажи.csv"]


def test_name_in_utf8_among_others_that_are_not_is_read_by_itself() -> None:
    """Another program added it."""
    members = [member("Übersicht.csv".encode("cp850")), member("Größe.csv".encode()), member("Продажи.csv".encode())]
    assert name_members(members) == "cp850"
    assert [info.filename for info in members] == ["Übersicht.csv", "Größe.csv", "Продажи.csv"]


def test_name_that_could_be_utf8_stays_where_it_has_letters_alone_by_the_others() -> None:
    """``楼`` in GBK has the bytes of ``¥`` in UTF-8."""
    members = [member("销售数据.csv".encode("gb18030")), member("楼.csv".encode("gb18030"))]
    assert name_members(members) == "gb18030"
    assert members[1].filename == "楼.csv"


def test_word_of_a_short_name_tells_its_language_and_other_short_names_stay() -> None:
    names = {"cp850": "Größe.csv", "cp852": "Wrocław.csv", "cp866": "Цены.csv"}
    members = {codec: member(name.encode(codec)) for codec, name in names.items()}
    assert {codec: (name_members([info]), info.filename) for codec, info in members.items()} == {
        codec: (codec, name) for codec, name in names.items()
    }


def test_encoding_that_a_person_says_of_the_texts_is_that_of_names_in_the_far_east() -> None:
    """Windows names members in the OEM page, which is another than that of texts nearly everywhere else."""
    hotel, sales = member("旅館.csv".encode("cp932")), member("Umsätze.csv".encode("cp850"))
    assert (name_members([hotel], given="shift_jis"), hotel.filename) == ("cp932", "旅館.csv")
    assert (name_members([sales], given="cp1252"), sales.filename) == ("cp850", "Umsätze.csv")
    assert (name_members([sales], given="big5"), sales.filename) == ("cp850", "Umsätze.csv")


def test_names_are_judged_together() -> None:
    """``Zásoby`` alone reads the same in code page 850."""
    members = [member(name.encode("cp852")) for name in ("Zásoby únor.csv", "Tržby květen.csv", "plain.csv")]
    assert name_members(members) == "cp852"
    assert [info.filename for info in members] == ["Zásoby únor.csv", "Tržby květen.csv", "plain.csv"]


def test_unicode_path_decides() -> None:
    raw = b"Ums\x84tze.csv"
    info = member(raw, extra=struct.pack("<HH", 9, 2) + b"ab" + unicode_path("Umsätze €.csv", raw))
    assert name_members([info]) is None
    assert info.filename == "Umsätze €.csv"


def test_unicode_path_of_another_name_is_passed_over() -> None:
    """Its checksum is that of the name that it stands for: the entry was renamed since."""
    info = member(b"Ums\x84tze.csv", extra=unicode_path("old.csv", b"old.csv"))
    assert name_members([info]) == "cp850"
    assert info.filename == "Umsätze.csv"


def test_cut_field_is_passed_over() -> None:
    info = member(b"Ums\x84tze.csv", extra=struct.pack("<HH", 0x7075, 40) + b"\x01")
    name_members([info])
    assert info.filename == "Umsätze.csv"


def test_flagged_and_plain_names_stay() -> None:
    flagged = zipfile.ZipInfo("Ümsätze µ.csv")
    flagged.flag_bits = 0x800
    assert name_members([flagged, member(b"plain.csv")]) is None
    assert flagged.filename == "Ümsätze µ.csv"
