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


def test_nineteen_of_twenty_tables_of_three_lines_read_as_they_were_written() -> None:
    tables = [(table(SENTENCES[language][1], rows=2), codec) for language, codec in CASES]
    wrong = [codec for text, codec in tables if not is_read_right(text, codec)]

    assert len(wrong) * 20 <= len(tables), wrong


def test_zero_bytes_in_a_text_of_single_bytes_are_no_wide_text() -> None:
    padded = "".join(f"{i};name\0\0\0;{i * 3}\n" for i in range(200)).encode()

    assert decide_encoding(gather_facts([padded])).codec == "utf-8"


def test_escape_sequences_far_behind_the_head_are_seen() -> None:
    plain = [b"1;name\n" * 100_000] * 3
    japanese = ("1;" + "東京都;" * 3000 + "\n").encode("iso2022_jp")

    assert decide_encoding(gather_facts([*plain, japanese])).codec == "iso2022_jp"
