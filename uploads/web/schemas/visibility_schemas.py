"""Who reads a dataset, in JSON."""

from ninja import Schema
from pydantic import Field

from uploads.services.datasets.rights import DatasetVisibility as Found
from uploads.states import Visibility
from uploads.web.sentences.datasets.visibility import visibility_sentence


class DatasetVisibility(Schema):
    visibility: Visibility = Field(
        description="Who reads it, beside staff who may see all files: everybody, people who are signed in, or those of"
        " some groups."
    )
    groups: list[str] = Field(description="Their names, for `groups`; none: staff alone.")
    sentence: str

    @staticmethod
    def resolve_sentence(found: Found) -> str:
        return visibility_sentence(found)
