"""How a loaded file may join its datasets, with what each way changes, for receipt and review; and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import QueryDict

from uploads.services.budget import Budget
from uploads.services.comparison.effects import foretell
from uploads.services.files.activation import ActionResult
from uploads.services.files.permissions import Rights
from uploads.services.joining.modes import activate_unasked, join_file, require_to_join
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import parse_mode
from uploads.services.merging.overlap import Overlap, overlaps_of
from uploads.services.options.parsing import parse_flag
from uploads.states import Mode
from uploads.web.sentences.joining import Foretold, JoinQuestion, join_question

JOIN_FIELDS = ("mode", "key", "full", "blanks", "missing_columns", "seen")
"""Of a button of the question; that of *Activate* has the last alone."""


def join_as_said(*, file_id: int, data: QueryDict, rights: Rights) -> ActionResult:
    """What somebody answered, remembered for the datasets where this person may say so; without a mode nothing was
    asked, and the file is activated as others are.

    Raises what ``join_file``, ``activate_unasked`` and ``require_to_join`` raise."""
    if "mode" not in data:
        return activate_unasked(file_id=file_id, user_id=rights.user_id, seen=data.get("seen", ""))
    mode = parse_mode(data.get("mode", ""))
    require_to_join(rights, mode)
    full = parse_flag("full", data.get("full"))
    return join_file(
        file_id=file_id,
        mode=mode,
        key=data.get("key", "").split(","),
        full=full,
        remember=rights.changes_datasets and full is None,
        choices=SaidChoices.from_text(
            blanks=data.get("blanks") or None, missing_columns=data.get("missing_columns") or None
        ),
        seen=data.get("seen", ""),
        user_id=rights.user_id,
    )


def join_offer(
    *,
    file_id: int,
    may: Mapping[Mode, bool],
    is_full: bool,
    budget: Budget,
    overlaps: Sequence[Overlap] | None = None,
    is_asked: bool = False,
    seen: str = "",
) -> JoinQuestion | None:
    """``may``: in which ways whoever looks may have it join; ``is_full``: it is a full list already; ``budget``: the
    time for all figures of the page, and ``is_asked``: somebody asked for them; ``overlaps``: of the file, where they
    are known; ``seen``: ``activation_seen``, from before any of it was looked up."""
    found = overlaps_of(file_id=file_id, budget=budget) if overlaps is None else overlaps
    merging = [overlap for overlap in found if overlap.mode == Mode.MERGE]
    keeps = any(overlap.choices.keeps for overlap in merging)
    plain = foretell(file_id=file_id, budget=budget) if merging else None
    may_be_full = merging and not keeps and not is_full
    full = foretell(file_id=file_id, is_full=True, budget=budget) if may_be_full else None
    foretold = Foretold(
        plain=plain.effects if plain else {},
        as_full=full.effects if full else {},
        unknown={**(full.unknown if full else {}), **(plain.unknown if plain else {})},
    )
    modes = [mode for mode, may_so in may.items() if may_so]
    question = join_question(found, modes=modes, is_full=is_full, foretold=foretold, is_asked=is_asked)
    return replace(question, seen=seen) if question is not None and question.is_decided and seen else question
