"""What the upload page says of an option before a file is sent; its script is given these words, so that they stand
here alone.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from uploads.services.options.catalogue import OPTIONS, option_words, parse_option
from uploads.services.options.option import Option, OptionKind

BLANK = "{}"
"""Stands for what a person wrote."""
YES = "true"


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionWords:
    """One option for a script: its words for any value, for some, and for one that cannot be meant."""

    any: str = ""
    """``header row {}``; empty: only what is in ``values`` has words."""
    between: str = ""
    """Stands between several words of one value: ``” and “``."""
    values: Mapping[str, str]
    default: str = ""
    """What it is when nobody has said anything."""
    wrong: str = ""
    """Beside its field: ``Write a number such as 3, or none.``"""
    wrong_above: str = ""
    """Where its field is not seen: the same after its label."""


def page_options(*, activates: bool, tells_by_mail: bool = False) -> dict[str, dict[str, Any]]:
    """Every option of the upload page by the name of its field, in the order in which people are told.

    ``activates``: what becomes of a loaded file when nobody says otherwise; ``tells_by_mail``: whether a sender may
    leave an address.
    """
    words = {
        "dataset": OptionWords(any=f"dataset “{BLANK}”", values={}),
        **{name: _words(option) for name, option in OPTIONS.items()},
        "activate": OptionWords(
            values={"false": "wait when loaded"} if activates else {"true": "activate when loaded"},
            default="true" if activates else "false",
        ),
    }
    if tells_by_mail:
        words["email"] = OptionWords(
            any=f"mail to {BLANK}",
            values={},
            wrong="Write a mail address such as ana@example.org, or leave it blank.",
            wrong_above="The mail address cannot be one: write it as ana@example.org, or leave it blank.",
        )
    return {name: asdict(entry) for name, entry in words.items()}


def _words(option: Option) -> OptionWords:
    known = [YES] if option.kind is OptionKind.YES else [*(value for value, _ in option.choices), *option.suggestions]
    is_written = option.kind in (OptionKind.TEXT, OptionKind.WORDS) or option.is_open
    written = option.words([BLANK] if option.kind is OptionKind.WORDS else BLANK) if is_written else ""
    values = {value: option_words(option.name, parse_option(option.name, value)) for value in known}
    return OptionWords(
        any=written,
        between=option.words([BLANK, BLANK]).split(BLANK)[1] if option.kind is OptionKind.WORDS else "",
        values={value: words for value, words in values.items() if words != written.replace(BLANK, value)},
        wrong=f"{option.wrong[:1].upper()}{option.wrong[1:]}." if option.wrong else "",
        wrong_above=f"{option.label}: {option.wrong}." if option.wrong else "",
    )
