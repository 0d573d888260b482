"""What the files of a dataset wait for, over the API."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.services.merging.guards import OFF, Guards, SaidGuards, change_guards
from uploads.services.visibility import find_dataset
from uploads.web.schemas import answers, guard_schemas
from uploads.web.visitors import viewer_of

router = Router(auth=CallerAuth(), tags=["datasets"])


class GuardsWish(Schema):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    fewer_rows: float | None = Field(
        None, ge=0, lt=100, allow_inf_nan=False, description="Percent that still pass; null: it is off."
    )
    changed: float | None = Field(None, ge=0, lt=100, allow_inf_nan=False, description="The same.")
    column_gone: bool = False

    def as_said(self) -> SaidGuards:
        """Of a file that has 20 % fewer rows, and so on."""
        said = {
            name: OFF if (percent := getattr(self, name)) is None else str(percent)
            for name in ("fewer_rows", "changed")
            if name in self.model_fields_set
        }
        gone = self.column_gone if "column_gone" in self.model_fields_set else None
        return SaidGuards(**said, column_gone=gone)


@router.put(
    "/datasets/{slug}/guards",
    response={200: guard_schemas.DatasetGuards, frozenset({400, 401, 403, 404, 409}): answers.Error},
    summary="Say what the files of a dataset wait for",
)
async def change_dataset_guards(request: HttpRequest, slug: str, wish: GuardsWish) -> Guards:
    """For staff. A file that would become active by itself waits for a person instead: whoever activates it lets it in.

    Files that are loaded already stay as they are.
    """
    caller_of(request).rights.require_change_dataset()

    def run() -> Guards:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        return change_guards(slug=dataset.slug, said=wish.as_said(), user_id=request.user.pk)

    return await sync_to_async(run)()
