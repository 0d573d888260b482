"""The form on which somebody says what becomes of a file's columns, on the receipt and in the review."""

from django.http import QueryDict

from uploads.services.columns.misfits import misfits_of
from uploads.services.files.activation import ActionResult
from uploads.services.files.permissions import Rights
from uploads.services.joining.columns import ColumnAnswer, answer_columns, keep_answer, may_carry_out, plans_of
from uploads.services.visibility import OPERATOR, Viewer
from uploads.tabular.errors import BadOption
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.plans import PlanQuestion, plan_question

FIELDS = ("position", "dataset", "use")
KEPT = "Saved. Staff see your answer when they activate the file."
ASKED_HOW = "Saved. One more question: some of its rows are there already."
MORE_TABLES = "Saved. Another table of the file has a question too."


def questions_on(*, file_id: int, may_add: bool, viewer: Viewer = OPERATOR) -> tuple[PlanQuestion, ...]:
    """One for each table of a waiting file whose columns are not quite those of a dataset."""
    return tuple(
        plan_question(table, misfits=misfits_of(table), may_add=may_add)
        for table in plans_of(file_id=file_id, viewer=viewer)
        if table.is_answered or not table.plan.is_settled
    )


def give_answer(
    *, file_id: int, data: QueryDict, rights: Rights, viewer: Viewer = OPERATOR
) -> tuple[str, ActionResult | None]:
    """Keep what the form says, and activate the file where this person may; returns what is to be said, and what was
    done. Raises what ``answer_columns`` raises."""
    said = _answer(data, viewer)
    if not may_carry_out(rights, file_id=file_id, answer=said):
        keep_answer(file_id=file_id, answer=said, user_id=rights.user_id)
        return KEPT, None
    done = answer_columns(file_id=file_id, answer=said, user_id=rights.user_id, ask_how=True)
    if done is None:
        is_open = any(not table.plan.is_settled for table in plans_of(file_id=file_id))
        return (MORE_TABLES if is_open else ASKED_HOW), None
    if done.fitting:
        return fitting_sentence(why=done.fitting), done
    return f"Activated in {done.milliseconds:.0f} ms: {counted(done.rows, 'row')}.", done


def _answer(data: QueryDict, viewer: Viewer) -> ColumnAnswer:
    position = data.get("position", "")
    if not (position.isascii() and position.isdigit() and len(position) < 10):
        raise BadOption("It is not said which table is meant.", hint="Open the receipt again.")
    slug = data.get("dataset", "")
    uses = dict(pair.split("=", 1) for pair in data.getlist("use") if "=" in pair) if slug else {}
    return ColumnAnswer(dataset=slug or None, columns=uses, position=int(position), viewer=viewer)
