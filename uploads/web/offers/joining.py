"""How a loaded file may join its datasets, with what each way changes: for the receipt and the review."""

from collections.abc import Mapping, Sequence

from uploads.services.comparison.effects import effects_of
from uploads.services.merging.overlap import Overlap, overlaps_of
from uploads.states import Mode
from uploads.web.sentences.joining import Foretold, JoinQuestion, join_question


def join_offer(
    *, file_id: int, may: Mapping[Mode, bool], is_full: bool, overlaps: Sequence[Overlap] | None = None
) -> JoinQuestion | None:
    """``may``: in which ways whoever looks may have it join; ``is_full``: it is a full list already; ``overlaps``: of
    the file, where they are known."""
    found = overlaps_of(file_id=file_id) if overlaps is None else overlaps
    merging = [overlap for overlap in found if overlap.mode == Mode.MERGE]
    keeps = any(overlap.choices.keeps for overlap in merging)
    foretold = Foretold(
        plain=effects_of(file_id=file_id) if merging else {},
        as_full=effects_of(file_id=file_id, is_full=True) if merging and not keeps and not is_full else {},
    )
    modes = [mode for mode, may_so in may.items() if may_so]
    return join_question(found, modes=modes, is_full=is_full, foretold=foretold)
