"""Addresses whose views are imported by the first request for one of them, not before the first page.

All views together are half of what a web server imports of this project: a fifth of the time to its first answer.
"""

from typing import Any, cast

from django.core.checks import CheckMessage
from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property
from django.utils.module_loading import import_string


class LatePage(URLPattern):
    """An address and the dotted name of its view; ``manage.py check`` imports it, so a wrong name is found there."""

    def __init__(self, route: str, view: str, *, name: str) -> None:
        super().__init__(RoutePattern(route, name=name, is_endpoint=True), cast("Any", view), None, name)
        self._path = view
        self._is_loaded = False

    @cached_property
    def view(self) -> Any:
        return import_string(self._path)

    def _load(self) -> None:
        self.callback = self.view
        self._is_loaded = True

    def resolve(self, path: str) -> ResolverMatch | None:
        """As Django's; Django reads ``callback`` for that, and as a name for looking up addresses by views."""
        if not self._is_loaded and self.pattern.match(path) is not None:
            self._load()
        return super().resolve(path)

    def check(self) -> list[CheckMessage]:
        self._load()
        return super().check()

    @property
    def lookup_str(self) -> str:
        return self._path


class LateAddresses(URLResolver):
    """Those of a namespace below a prefix, from the ``urlpatterns`` of a module.

    Django 6.1 has every resolver tell all of its names before the first page has one address. Those of a namespace
    are not among what it gathers: they are looked up in ``url_patterns`` once one of them is asked for.
    """

    def __init__(self, prefix: str, module: str, *, namespace: str) -> None:
        super().__init__(RoutePattern(prefix), module, app_name=namespace, namespace=namespace)

    def _populate(self) -> None:
        """Leave it to whoever asks for a name of the namespace."""
