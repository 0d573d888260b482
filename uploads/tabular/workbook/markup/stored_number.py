"""Numbers that a spreadsheet program stores beside what it shows when it saves a sheet as a web page."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

_ATTRIBUTES = ("x:num", "sdval")
"""Of Excel, and of LibreOffice and OpenOffice."""
_SHOWN = re.compile(r"-?\d[\d.,'’ \u00a0\u202f]*")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?")
_MOST_DECIMALS = 15
_DIGITS = 15
"""That spreadsheets count on."""


def stored_number(attributes: Mapping[str, str]) -> str:
    """What is stored beside a cell; nothing where no number is."""
    found = next((attributes[name] for name in _ATTRIBUTES if attributes.get(name)), "")
    return found if _PLAIN.fullmatch(found) else ""


def in_full(shown: str, stored: str) -> str:
    """The stored number where ``shown`` is the same one rounded and grouped: ``0.125`` of ``0,13``, ``1234`` of
    ``1.234``. Dates, codes with zeros in front and amounts with a sign of their own stay as they are shown."""
    if not stored or not _SHOWN.fullmatch(shown) or shown.startswith("-") != stored.startswith("-"):
        return shown
    digits = re.sub(r"\D", "", shown)
    value = abs(Decimal(stored))
    rounded = (value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for places in range(_MOST_DECIMALS + 1))
    if digits not in (f"{number:f}".replace(".", "") for number in rounded):
        return shown
    text = f"{float(stored):.{_DIGITS}g}"
    return text if _PLAIN.fullmatch(text) else shown
