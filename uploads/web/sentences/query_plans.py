"""How PostgreSQL would run a query, in sentences, and its steps in a line each."""

from collections.abc import Sequence

from uploads.services.querying.plan import BEHIND_A_VIEW, PlanStep, QueryPlan
from uploads.web.sentences.phrases import counted

MANY_ROWS = 200_000
"""From here on reading all rows of a dataset is worth a word."""
FEW_OF_THEM = 0.1
NOTHING_RUN = "Nothing was run. Figures are PostgreSQL’s estimates."
HIDDEN = "What a view is made of is not shown, nor by what its rows are chosen."
_STEPS = {
    **dict.fromkeys(("Sort", "Incremental Sort"), ("Sorts about {}.", "row")),
    **dict.fromkeys(("Hash Join", "Merge Join", "Nested Loop"), ("Matches both sides: about {}.", "row")),
    "Aggregate": ("Adds them up to about {}.", "row"),
    **dict.fromkeys(("Group", "Unique"), ("Keeps about {} of them, each once.", "row")),
    "WindowAgg": ("Looks at the neighbours of about {}.", "row"),
    "Limit": ("Stops after {}.", "row"),
}
_HANDING_ON = frozenset({"Limit", "Subquery Scan", "Append", "Result", "ProjectSet"})
_BY_INDEX = frozenset({"Index Scan", "Index Only Scan", "Bitmap Heap Scan"})
_LONG = 300
"""Letters of a condition in a line."""


def plan_sentences(plan: QueryPlan) -> list[str]:
    """What happens, in the order in which it happens; the way to a quicker query last."""
    streamed = _streamed(plan.steps)
    said = [f"About {counted(plan.steps[0].rows, 'row')} come out."]
    said += [sentence for step in _in_order(plan.steps) if (sentence := _sentence(step, is_streamed=step in streamed))]
    said += _ways_out(plan.steps)
    return list(dict.fromkeys(said))


def plan_lines(plan: QueryPlan) -> list[str]:
    """The plan as PostgreSQL draws it: the last step first, what it is made of below and farther in."""
    return [line for step in plan.steps for line in _lines(step)]


def _in_order(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Those that a step waits for come before it, and of two sides of a join the first first."""
    found: list[PlanStep] = []

    def walk(at: int) -> int:
        step, below = steps[at], at + 1
        while below < len(steps) and steps[below].depth > step.depth:
            below = walk(below)
        found.append(step)
        return below

    walk(0)
    return found


def _streamed(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Those whose rows are handed on one by one as long as somebody wants more: nothing above needs all of them."""
    found: list[PlanStep] = []
    for step in steps:
        if len(found) < step.depth:
            break  # what stands above it is not among them, or has several sides
        if step.depth == len(found):
            found.append(step)
        if step.kind not in _HANDING_ON:
            break
    return found


def _sentence(step: PlanStep, *, is_streamed: bool) -> str:
    """Empty for a step that only hands rows on."""
    if step.table and is_streamed and step.kind == "Seq Scan" and step.table != BEHIND_A_VIEW:
        return f"Reads {_where(step)} from its first row on, until there are enough."
    if step.table:
        return _reading(step)
    words, noun = _STEPS.get(step.kind, ("", ""))
    return words.format(counted(step.rows, noun)) if words else ""


def _reading(step: PlanStep) -> str:
    if step.table == BEHIND_A_VIEW:
        return f"Reads about {counted(step.rows, 'row')} of what a view is made of."
    where = _where(step)
    if step.kind in _BY_INDEX:
        by = f" by the index on {step.column}" if step.column else " by an index"
        return f"Finds about {counted(step.rows, 'row')} of {where}{by}."
    if step.stored is None:
        return f"Reads {where} from its first row to its last, and keeps about {step.rows:,}."
    kept = "" if step.rows >= step.stored else f", and keeps about {step.rows:,}"
    return f"Reads all {counted(step.stored, 'row')} of {where}{kept}."


def _where(step: PlanStep) -> str:
    return step.table if step.parts < 2 else f"{step.table} ({step.parts:,} files)"


def _ways_out(steps: Sequence[PlanStep]) -> list[str]:
    said = []
    for step in steps:
        is_read_whole = step.kind == "Seq Scan" and step.stored is not None and step.stored >= MANY_ROWS
        if is_read_whole and step.rows < FEW_OF_THEM * (step.stored or 0):
            said.append(
                f"An index would find these rows of {step.table} at once: make one on “Columns…” of the dataset,"
                " for the column by which they are chosen."
            )
    if any(step.kind == "Nested Loop" and step.rows >= MANY_ROWS for step in steps):
        said.append("Every row of one side is put beside those of the other: is a condition of the JOIN missing?")
    return said


def _lines(step: PlanStep) -> list[str]:
    indent = "  " * step.depth
    arrow = "→ " if step.depth else ""
    table = "what a view is made of" if step.table == BEHIND_A_VIEW else step.table
    on = f" on {table}" if table else ""
    using = f" using the index on {step.column}" if step.column else ""
    files = f", {step.parts:,} files" if step.parts > 1 else ""
    head = f"{indent}{arrow}{step.kind}{using}{on}{files}  (rows {step.rows:,}, cost {step.cost:,.0f})"
    return [head, *(f"{indent}    {name}: {_cut(text)}" for name, text in step.conditions)]


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
