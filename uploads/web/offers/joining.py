"""How a loaded file may join its datasets, with what each way changes: for the receipt and the review."""

from collections.abc import Mapping, Sequence

from uploads.services.budget import Budget
from uploads.services.comparison.effects import foretell
from uploads.services.merging.overlap import Overlap, overlaps_of
from uploads.states import Mode
from uploads.web.sentences.joining import Foretold, JoinQuestion, join_question


def join_offer(
    *,
    file_id: int,
    may: Mapping[Mode, bool],
    is_full: bool,
    budget: Budget,
    overlaps: Sequence[Overlap] | None = None,
    is_asked: bool = False,
) -> JoinQuestion | None:
    """``may``: in which ways whoever looks may have it join; ``is_full``: it is a full list already; ``budget``: the
    time for all figures of the page, and ``is_asked``: somebody asked for them; ``overlaps``: of the file, where they
    are known."""
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
    return join_question(found, modes=modes, is_full=is_full, foretold=foretold, is_asked=is_asked)
