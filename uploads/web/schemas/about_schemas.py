"""What a dataset is about, in JSON."""

from ninja import Schema
from pydantic import Field


class DatasetAbout(Schema):
    description: str = Field(description="What its rows are; empty: nobody said so, as of all of these.")
    licence: str = Field(description="An identifier of SPDX, such as `CC-BY-4.0`, or `other`.")
    licence_name: str
    licence_url: str = Field(description="Where its text stands.")
    tags: list[str] = Field(description="Short words in small letters.")
    publisher: str
    contact: str = Field(description="An e-mail address, or that of a page.")
