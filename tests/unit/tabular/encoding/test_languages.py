"""Tables in 33 languages and 37 encodings are read as they were written, told nothing."""

import itertools

import pytest

from tests.sentences import SENTENCES
from uploads.tabular.encoding.choice import decide_encoding
from uploads.tabular.encoding.text_facts import gather_facts

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
NON_ASCII_ENOUGH = 200
CASES = [(language, codec) for language, (codecs, _) in SENTENCES.items() for codec in codecs]


def table(sentences: tuple[str, ...], *, rows: int) -> str:
    cells = itertools.islice(itertools.cycle(sentences), rows)
    return "id;text;n\n" + "".join(f"{i};{cell};{i * 3}\n" for i, cell in enumerate(cells))


def long_table(language: str, codec: str) -> str:
    """As many rows as it takes to hold 200 bytes beyond ASCII."""
    _, sentences = SENTENCES[language]
    rows = len(sentences)
    while rows < 400 and sum(byte > 127 for byte in table(sentences, rows=rows).encode(codec)) < NON_ASCII_ENOUGH:
        rows += len(sentences)
    return table(sentences, rows=rows)


def is_read_right(text: str, codec: str) -> bool:
    data = text.encode(codec)
    encoding = decide_encoding(gather_facts([data]))
    return data.decode(encoding.codec, "replace") == text


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_table_with_enough_letters_reads_as_it_was_written(language: str, codec: str) -> None:
    assert is_read_right(long_table(language, codec), codec)


@pytest.mark.parametrize("codec", WIDE)
@pytest.mark.parametrize("language", SENTENCES)
def test_wide_table_without_a_mark_is_known_by_its_line_ends(language: str, codec: str) -> None:
    assert is_read_right(table(SENTENCES[language][1], rows=2), codec)


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_table_of_three_lines_reads_as_it_was_written(language: str, codec: str) -> None:
    assert is_read_right(table(SENTENCES[language][1], rows=2), codec)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("nimi;kunta\nSirpa Särkkä;Keski-Suomi\nEero Järvinen;länsi\n", "mac_roman"),
        ("id;name;place\n1;Salvò Greco;Nardò\n2;Donà;attività\n", "mac_roman"),
    ],
    ids=["no Catalan, which has no k", "no Polish, which has no v"],
)
def test_plain_letters_of_a_word_tell_its_language(text: str, codec: str) -> None:
    assert is_read_right(text, codec)


def test_name_with_foreign_letters_changes_nothing() -> None:
    """``Kwiró`` has two letters that Spanish lacks, which decides nothing but a tie."""
    assert is_read_right("nombre;ciudad\nKwiró Muñoz;León\n", "cp1252")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("الاسم;المدينة;الشارع\nمحمد حسن;طنطا;شارع البحر\n", "iso8859_6"),
        ("id;name;place\n1;Μαρία Οικονόμου;Βόλος;Ερμού 3\n2;Νίκος Δημητρίου;Ιωάννινα;Αβέρωφ 8\n", "cp737"),
    ],
    ids=["Arabic", "Greek"],
)
def test_many_letters_outweigh_that_an_encoding_is_rare(text: str, codec: str) -> None:
    assert is_read_right(text, codec)


def test_no_danish_ae_behind_i() -> None:
    assert is_read_right("naam;categorie\nDaniëlle;financiële zaken\n", "mac_roman")


def test_zero_bytes_in_a_text_of_single_bytes_are_no_wide_text() -> None:
    padded = "".join(f"{i};name\0\0\0;{i * 3}\n" for i in range(200)).encode()

    assert decide_encoding(gather_facts([padded])).codec == "utf-8"


def test_escape_sequences_far_behind_the_head_are_seen() -> None:
    plain = [b"1;name\n" * 100_000] * 3
    japanese = ("1;" + "東京都;" * 3000 + "\n").encode("iso2022_jp")

    assert decide_encoding(gather_facts([*plain, japanese])).codec == "iso2022_jp"
