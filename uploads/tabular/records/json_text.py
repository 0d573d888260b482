"""JSON in small pieces (RFC 8259): values with their numbers as written, and any value as the text of a cell."""

import json
from collections.abc import Iterator
from typing import Any


class Number(str):
    """A number as it is written: ``1.10`` and 30 digits stay what they are."""

    __slots__ = ()


class NotNumber(Number):
    """``NaN``, which is no JSON, and which Python writes for a missing number."""

    __slots__ = ()


class Nested(str):
    """A list or an object as its text: JSON already."""

    __slots__ = ()


class TwiceNamed(ValueError):
    """An object names a value twice: which one is meant nobody knows."""


type Value = dict[str, Any] | list[Any] | str | Number | Nested | bool | None
"""``Number`` and text, not ``int`` and ``float``."""
_AS_IT_STANDS = frozenset({Number, NotNumber, Nested})
_LEAVES = _AS_IT_STANDS | {str, bool, type(None)}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise TwiceNamed(f'"{twice}" stands there twice')
    return found


def _constant(word: str) -> Number:
    return NotNumber(word) if word == "NaN" else Number(word)


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_constant)
"""Raises ``ValueError``, and ``RecursionError`` at what is nested too deep."""
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
LENIENT = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=Number)
"""Lets an object name a value twice: to find out where such a one ends."""


def cell_text(value: Value) -> str:
    """The value as the text of a cell; what is nested as JSON again."""
    if isinstance(value, str):
        return "" if isinstance(value, NotNumber) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(_written(value))


class _Mark(str):
    """What stands between values."""

    __slots__ = ()


def _leaf(value: Any) -> str:
    return value if type(value) in _AS_IT_STANDS else _ENCODE(value)


def _flat(item: Any) -> str | None:
    """The text of what has nothing nested in it: of the most values that are nested those are nearly all."""
    if isinstance(item, dict):
        if _LEAVES.issuperset(map(type, item.values())):
            return f"{{{', '.join([f'{_ENCODE(name)}: {_leaf(inner)}' for name, inner in item.items()])}}}"
    elif isinstance(item, list):
        kinds = set(map(type, item))
        if kinds == {str}:
            return _ENCODE(item)
        if kinds <= _LEAVES:
            return f"[{', '.join(map(_leaf, item))}]"
    return None


def _written(value: Value) -> Iterator[str]:
    """The pieces of a value's text; without recursion, as the decoder goes deeper than Python's own code may."""
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, _Mark | Number | Nested):
            yield str(item)
        elif (flat := _flat(item)) is not None:
            yield flat
        elif isinstance(item, dict):
            stack.append(_Mark("}"))
            for place, (name, inner) in reversed(list(enumerate(item.items()))):
                stack += [inner, _Mark(f"{', ' * (place > 0)}{_ENCODE(name)}: ")]
            stack.append(_Mark("{"))
        elif isinstance(item, list):
            stack.append(_Mark("]"))
            for place, inner in reversed(list(enumerate(item))):
                stack += [inner, _Mark(", " * (place > 0))]
            stack.append(_Mark("["))
        else:
            yield _ENCODE(item)
