"""Which letters a text is written in, told nothing: ours beside the best library, on texts whose encoding is known.

Short texts are a few words, tables of three lines have a header and two rows, long tables at least 200 bytes beyond
ASCII; in 33 languages and more, each in its usual legacy encodings. A text counts as right where it decodes to the
very same letters.
"""

import itertools
from collections.abc import Callable, Iterator

import chardet

from tests.corpus.figures import Figure
from tests.sentences import SENTENCES
from tests.unit.tabular.encoding.test_choice import TEXTS
from tests.unit.tabular.encoding.test_languages import CASES, long_table, table
from uploads.tabular.encoding.choice import decide_encoding
from uploads.tabular.encoding.text_facts import gather_facts

type Text = tuple[str, str]
"""What was written, and in which encoding."""
ROWS = 2
"""Below the header of a table of three lines."""


def short_texts() -> Iterator[Text]:
    return ((text, codec) for text, codecs in TEXTS.values() for codec in codecs)


def tables_of_three_lines() -> Iterator[Text]:
    return ((table(SENTENCES[language][1], rows=ROWS), codec) for language, codec in CASES)


def long_tables() -> Iterator[Text]:
    return ((long_table(language, codec), codec) for language, codec in CASES)


SETS: dict[str, tuple[Callable[[], Iterator[Text]], float]] = {
    "short texts": (short_texts, 1.0),
    "tables of three lines": (tables_of_three_lines, 1.0),
    "texts of 200 bytes and more": (long_tables, 1.0),
}
"""Each with the least share that must be right."""


def figures() -> Iterator[Figure]:
    """For each set ours, and chardet's for comparison."""
    for name, (texts, must) in SETS.items():
        found = list(texts())
        for who, decide, least in (("ours", ours, must), (f"chardet {chardet.__version__}", chardets, 0.0)):
            wrong = [codec for text, codec in found if decide(text.encode(codec)) != text]
            yield Figure(
                what=f"Encoding of {name}, {who}",
                value=len(found) - len(wrong),
                of=len(found),
                must=least * len(found),
                goal=len(found) if least else None,
                details=(f"{name}, {who}: wrong in {', '.join(_counted(wrong))}",) if wrong else (),
            )


def ours(data: bytes) -> str:
    return data.decode(decide_encoding(gather_facts([data])).codec, "replace")


def chardets(data: bytes) -> str:
    """As somebody would use it who knows nothing of the text."""
    try:
        return data.decode(chardet.detect(data)["encoding"] or "utf-8", "replace")
    except LookupError:
        return ""  # an encoding that Python has no codec for


def _counted(codecs: list[str]) -> Iterator[str]:
    return (f"{codec} {len(list(same))}" for codec, same in itertools.groupby(sorted(codecs)))
