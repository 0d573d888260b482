"""A document of the catalogue as Turtle, which some harvesters read rather than JSON-LD: the same triples.

What the documents are made of is all that is written here: nodes with or without a name, lists, texts and typed values.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

type Node = Mapping[str, Any]
_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
"""What may stand in one as it is, beside letters and digits."""


def as_turtle(document: Node) -> str:
    """The nodes of its ``@graph``, each name under the prefixes of its ``@context``."""
    prefixes = [f"@prefix {name}: <{address}> ." for name, address in document["@context"].items()]
    return "\n".join([*prefixes, "", *_subjects(document["@graph"])]) + "\n"


def _subjects(nodes: list[Node]) -> Iterator[str]:
    """Nodes that stand within others and have a name and something said of them follow as subjects of their own."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop(0)
        waiting += [each for each in _within(node) if "@id" in each and len(each) > 1]
        yield f"{_address(node['@id'])} {_said(node)} ."


def _within(node: Node) -> Iterator[Node]:
    for name, value in node.items():
        if name.startswith("@"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "@value" not in each:
                yield each
                if "@id" not in each:
                    yield from _within(each)


def _said(node: Node) -> str:
    types = node.get("@type", [])
    said = [f"a {', '.join([types] if isinstance(types, str) else types)}"] if types else []
    for name, value in node.items():
        if not name.startswith("@"):
            each = value if isinstance(value, list) else [value]
            said.append(f"{name} {', '.join(map(_object, each))}")
    return " ;\n    ".join(said)


def _object(value: Any) -> str:
    if not isinstance(value, dict):
        return _text(value) if isinstance(value, str) else json.dumps(value)
    if "@value" in value:
        return f"{_text(value['@value'])}^^{value['@type']}"
    return _address(value["@id"]) if "@id" in value else f"[ {_said(value)} ]"


def _address(said: str) -> str:
    return f"<{quote(said, safe=_IN_ADDRESSES)}>"


def _text(said: str) -> str:
    """JSON's escapes are Turtle's."""
    return json.dumps(said, ensure_ascii=False)
