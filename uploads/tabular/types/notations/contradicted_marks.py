"""A decimal mark that one column alone would have: ``1,000`` beside ``1000``, where other columns have ``145.2``.

Not all of its values are grouped, so that by themselves they are read as decimals; what others show speaks for a
thousands mark that somebody left out here and there. pandas and DuckDB, told nothing, keep such a column as text.
"""

import re
from collections.abc import Sequence

import pyarrow.compute as pc

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice
from uploads.tabular.types.choice import evidenced_marks
from uploads.tabular.types.column_profile import ColumnProfile


def contradicted_marks(
    profiles: Sequence[ColumnProfile], alive: Sequence[Sequence[Candidate]], given: frozenset[str]
) -> tuple[frozenset[str], dict[int, Choice]]:
    """The marks that columns show without doubt, or that a person has ``given``; and the columns, by their places, of
    which the own mark is none by that. ``alive``: the readings that fit each column."""
    marks = evidenced_marks(alive)
    if not marks or (marks <= given if given else len(marks) < 2):
        return given or marks, {}
    doubted = {at: mark for at, profile in enumerate(profiles) if (mark := _mark_of_groups(profile, alive[at]))}
    sure = given or evidenced_marks([readings for at, readings in enumerate(alive) if at not in doubted])
    if len(sure) != 1:
        return marks, {}
    [others] = sure
    refused = {
        at: Choice(candidate=None, because=Ground.of(GroundKind.MARK_CONTRADICTED, mark=mark, others=others))
        for at, mark in doubted.items()
        if mark != others
    }
    return (sure, refused) if refused else (given or marks, {})


def _mark_of_groups(profile: ColumnProfile, alive: Sequence[Candidate]) -> str:
    """The decimal mark of a column in which every value that has it could be grouped by it; empty: none."""
    marks = {one.format.decimal for one in alive if one.type is ColumnType.NUMERIC and not one.format.thousands}
    if len(marks) != 1:
        return ""
    [mark] = marks
    marked = pc.filter(sample := profile.sample, pc.match_substring(sample, mark))
    grouped = rf"^-?[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+$"
    return mark if len(marked) and pc.all(pc.match_substring_regex(marked, grouped)).as_py() else ""
