"""Parts of pages that are the same whoever looks, as long as what they show is the same: made once, then kept.

``{% kept "partials/x.html" a=a %}`` is ``{% include "partials/x.html" with a=a only %}``. What it shows, plain texts
and figures, is the key by which it is kept, whole, so it is never out of date; such a template sees nothing but that:
no request, no person, no clock.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

MOST_LETTERS = 8_000_000
"""Kept by a process: some hundred parts of a dataset of 300 columns, thousands of one of ten."""

register = Library()


class Kept:
    """The parts that were shown last, up to so many letters."""

    def __init__(self, *, most: int = MOST_LETTERS) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[Hashable, SafeString] = OrderedDict()
        self._left = most

    def part(self, template: str, shown: dict[str, Any]) -> SafeString:
        key = template, get_script_prefix(), *shown.items()  # by the prefix of all addresses too
        with self._lock:
            if (found := self._parts.get(key)) is not None:
                self._parts.move_to_end(key)
                return found
        made = render_to_string(template, shown)
        with self._lock:
            if key not in self._parts:
                self._parts[key] = made
                self._left -= len(made)
            while self._left < 0:
                _, dropped = self._parts.popitem(last=False)
                self._left += len(dropped)
        return made


_kept = Kept()


@register.simple_tag
def kept(template: str, **shown: Hashable) -> SafeString:
    return _kept.part(template, shown)
