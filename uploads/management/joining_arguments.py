"""How files join their datasets, as arguments of commands."""

from argparse import BooleanOptionalAction, _ActionsContainer
from collections.abc import Mapping
from typing import Any

from uploads.services.merging.choices import SaidChoices
from uploads.states import Kept, Mode


def add_mode_arguments(to: _ActionsContainer, *, otherwise: str) -> None:
    """How one file joins; ``otherwise``: what holds where nothing is said."""
    to.add_argument(
        "--mode",
        choices=Mode.values,
        default="",
        help=f"add all rows, replace the active files, or update the rows of the same key (default: {otherwise})",
    )
    to.add_argument("--key", default="", metavar="COLUMN,COLUMN", help="what tells rows apart, with --mode merge")
    to.add_argument(
        "--full",
        action=BooleanOptionalAction,
        help="with --mode merge: the file has all rows, so keys that it lacks are not seen while it is active",
    )
    add_choice_arguments(to, of="with --mode merge, for the whole dataset")


def add_choice_arguments(to: _ActionsContainer, *, of: str) -> None:
    """What makes one row of those with the same key."""
    to.add_argument(
        "--blanks",
        choices=Kept.values,
        help=f"{of}: whether a blank in a later file replaces the old value (as at first) or keeps it",
    )
    to.add_argument(
        "--missing-columns",
        choices=Kept.values,
        help="the same for a column that a later file lacks; where blanks keep the old value, so does that",
    )
    to.add_argument(
        "--delete-when",
        metavar="COLUMN=VALUE,VALUE",
        help=f"{of}: rows with such a value in the column delete their key; “none”: no longer",
    )


def said_choices(said: Mapping[str, Any]) -> SaidChoices:
    """Raises ``BadOption``."""
    return SaidChoices.from_text(
        blanks=said["blanks"], missing_columns=said["missing_columns"], delete_when=said["delete_when"]
    )
