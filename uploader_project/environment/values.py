"""Numbers, and yes or no, of environment variables: what is neither is refused in words, by the name of its setting."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

YES = frozenset({"true", "yes", "y", "on", "ok", "1"})
NO = frozenset({"false", "no", "n", "off", "0", ""})
"""Also what is left blank."""
_DECIMAL = re.compile(r"-?[0-9]+([.,][0-9]+)?")


class Environment(Env):  # type: ignore[misc]  # it has no types
    """As it is, but that it takes ``flase`` for no, ``20s`` for 20 and ends at ``10GB`` in the words of Python."""

    def bool(self, var: str, default: Any = Env.NOTSET) -> Any:
        return self._said(var, _yes_or_no, default, "true or false")

    def int(self, var: str, default: Any = Env.NOTSET) -> Any:
        return self._said(var, int, default, "a whole number, such as 100")

    def float(self, var: str, default: Any = Env.NOTSET) -> Any:
        return self._said(var, _decimal, default, "a number, such as 2.5")

    def _said(self, var: str, cast: Any, default: Any, meant: str) -> Any:
        try:
            return self.get_value(var, cast=cast, default=default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} is “{self.ENVIRON[var]}”; write {meant}.") from error


def _yes_or_no(said: str) -> bool:
    word = said.strip().lower()
    if word not in YES | NO:
        raise ValueError(word)
    return word in YES


def _decimal(said: str) -> float:
    if not _DECIMAL.fullmatch(said.strip()):
        raise ValueError(said)
    return float(said.replace(",", "."))
