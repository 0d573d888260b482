"""Columns that do not match, over the API: the plan of a file, its answer, and the columns of a dataset itself."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.columns import router as of_columns
from uploads.api.offered_files import ACTING, LOOKING, Answer, check_visible, described
from uploads.services.columns.shape import add_column, change_strictness, describe_column, remove_column, rename_column
from uploads.services.files.receipts import describe_file
from uploads.services.joining.columns import (
    ColumnAnswer,
    answer_columns,
    keep_answer,
    may_carry_out,
    plans_of,
    require_to_answer,
)
from uploads.services.visibility import find_dataset
from uploads.tabular.errors import BadOption
from uploads.web.schemas import answers, plan_schemas
from uploads.web.visitors import viewer_of

router = Router(auth=CallerAuth())
CHANGING = ACTING | {400}


@router.get(
    "/files/{int:file_id}/plan",
    response={200: plan_schemas.Plans, LOOKING: answers.Error},
    summary="What becomes of columns that do not match",
    tags=["files"],
)
async def get_plan(request: HttpRequest, file_id: int) -> Answer:
    """Of a loaded file that was never active, for each table most columns of which are those of a dataset."""

    def run() -> Answer:
        check_visible(caller_of(request), file_id)
        viewer = viewer_of(request)
        return {"plans": [plan_schemas.Plan.from_table(table) for table in plans_of(file_id=file_id, viewer=viewer)]}

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/plan",
    response={200: answers.File, CHANGING: answers.Error},
    summary="Say what becomes of columns that do not match",
    tags=["files"],
)
async def answer_plan(request: HttpRequest, file_id: int, wish: plan_schemas.Answer) -> Answer:
    """Staff activate the file with it. The answer of a sender is kept, and staff see it when they activate the file.

    It is remembered by the dataset: the next file of the kind joins without a question. Where the file would empty
    values of rows that it updates by key, and nobody said that it may, it stays `loaded`: `…/overlaps` counts them, and
    `…/join` says what becomes of them.
    """

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        receipt = describe_file(file_id=file_id, viewer=viewer_of(request))
        require_to_answer(caller.rights, own=receipt.is_own(user_id=caller.rights.user_id, visitor=caller.visitor))
        answer = ColumnAnswer(
            dataset=wish.dataset, columns=wish.columns, position=wish.table, viewer=viewer_of(request)
        )
        if may_carry_out(caller.rights, file_id=file_id, answer=answer):
            answer_columns(file_id=file_id, answer=answer, user_id=caller.rights.user_id)
        else:
            keep_answer(file_id=file_id, answer=answer, user_id=caller.rights.user_id)
        return described(request, file_id)

    return await sync_to_async(run)()


@of_columns.post(  # one address has one router
    "/datasets/{slug}/columns",
    response={200: plan_schemas.ColumnDone, CHANGING: answers.Error},
    summary="Add a column",
    tags=["datasets"],
)
async def add_dataset_column(request: HttpRequest, slug: str, wish: plan_schemas.NewColumn) -> Any:
    """For staff. Empty in all rows that are there; files may come without it."""

    def run() -> Any:
        user_id, name = _staff(request, slug)
        return add_column(slug=name, label=wish.label, type_=wish.type, description=wish.description, user_id=user_id)

    return await sync_to_async(run)()


@router.patch(
    "/datasets/{slug}/columns/{name}",
    response={200: plan_schemas.ColumnDone, CHANGING: answers.Error},
    summary="Rename or describe a column",
    tags=["datasets"],
)
async def change_dataset_column(request: HttpRequest, slug: str, name: str, wish: plan_schemas.ColumnWish) -> Any:
    """For staff. One of the two at a time: a new name, or what it means."""

    def run() -> Any:
        user_id, dataset = _staff(request, slug)
        if (wish.label is None) == (wish.description is None):
            raise BadOption("One thing at a time.", hint="Say either label or description.")
        if wish.label is not None:
            return rename_column(slug=dataset, name=name, label=wish.label, user_id=user_id)
        return describe_column(slug=dataset, name=name, description=wish.description or "", user_id=user_id)

    return await sync_to_async(run)()


@router.delete(
    "/datasets/{slug}/columns/{name}",
    response={200: plan_schemas.ColumnDone, CHANGING: answers.Error},
    summary="Remove a column",
    tags=["datasets"],
)
async def remove_dataset_column(request: HttpRequest, slug: str, name: str) -> Any:
    """For staff. Its values go from all rows; the stored files keep them. Later files leave the column out."""

    def run() -> Any:
        user_id, dataset = _staff(request, slug)
        return remove_column(slug=dataset, name=name, user_id=user_id)

    return await sync_to_async(run)()


@router.put(
    "/datasets/{slug}/strictness",
    response={200: plan_schemas.DatasetStrictness, CHANGING: answers.Error},
    summary="Say how strict a dataset is about columns",
    tags=["datasets"],
)
async def change_dataset_strictness(request: HttpRequest, slug: str, wish: plan_schemas.DatasetStrictness) -> Any:
    """For staff. `grow` adds new columns by itself, `ask` has somebody decide, `exact` takes no other columns."""

    def run() -> Any:
        user_id, dataset = _staff(request, slug)
        return {"strictness": change_strictness(slug=dataset, strictness=wish.strictness, user_id=user_id)}

    return await sync_to_async(run)()


def _staff(request: HttpRequest, slug: str) -> tuple[int | None, str]:
    rights = caller_of(request).rights
    rights.require_change_dataset()
    return rights.user_id, find_dataset(slug=slug, viewer=viewer_of(request)).slug
