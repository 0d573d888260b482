"""Every address of the URLconf, for tests that walk all of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from uploads.web.late_addresses import LatePage

_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<of_regex>\w+)>[^)]*\)")
_OF_A_REGEX = {"^api/?$": "api", "^api/": "api/nothing", "(?P<url>.*)$": "nothing"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One pattern of the URLconf: ``route`` from the root on, ``name`` with its namespace."""

    route: str
    name: str
    view: Any

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of what is to be filled in."""
        return tuple(found["name"] or found["of_regex"] for found in _PART.finditer(self.route))

    def path(self, values: Mapping[str, Any]) -> str:
        """With a value for each part, by its name or else by its kind."""
        return _PART.sub(lambda found: str(_value(found, values)), self.route)


def _value(found: re.Match[str], values: Mapping[str, Any]) -> Any:
    name = found["name"] or found["of_regex"]
    return values[name] if name in values else values[found["kind"] or "str"]


def every_address(
    patterns: list[Any] | None = None, before: str = "/", namespace: str = "", *, with_admin: bool = True
) -> Iterator[Address]:
    """In the order of the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        whole = before + _OF_A_REGEX.get(route, route.removeprefix("^").removesuffix("$"))
        if isinstance(pattern, URLPattern):
            yield Address(
                route=whole,
                name=f"{namespace}{pattern.name or route}",
                view=pattern.view if isinstance(pattern, LatePage) else pattern.callback,
            )
        elif isinstance(pattern, URLResolver) and (with_admin or pattern.app_name != "admin"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_address(pattern.url_patterns, whole, inner, with_admin=with_admin)
