"""The ``manage.py`` commands of this project, in whichever of its apps they are."""

from pathlib import Path

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

PLACES = {name: app for name, app in sorted(get_commands().items()) if str(app).startswith("uploads.")}
"""Their names, and the app of each."""


def own_command(name: str) -> BaseCommand:
    """One of them, as ``manage.py`` makes it."""
    return load_command_class(PLACES[name], name)


def source_of(name: str) -> str:
    """What its module says."""
    place = Path(PLACES[name].replace(".", "/")) / "management/commands" / f"{name}.py"
    return (Path(__file__).parents[1] / place).read_text()
