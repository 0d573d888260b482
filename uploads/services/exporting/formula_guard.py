"""Texts that spreadsheets take for what they are."""

import re

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
"""The last four are those of Japanese keyboards, which spreadsheets there take for the first four."""


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula; a plain number such as ``-5`` stays what it is."""
    if text[:1] in _SIGNS and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
