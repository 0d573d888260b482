"""A request: its method, its address's query, and its body, made of what is filled in."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile

type Fill = Mapping[str, Any]
"""What is filled into addresses and bodies, by the name of the part."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request; ``body`` is made of what is filled in."""

    method: str = "GET"
    body: Callable[[Fill], Mapping[str, Any]] = lambda _: {}
    query: str = ""
    is_json: bool = False
    reads: tuple[str, ...] = ()
    """Parts that the query or the body are made of, besides those of the address."""

    def arguments(self, fill: Fill) -> dict[str, Any]:
        if self.is_json:
            return {"data": json.dumps(self.body(fill)), "content_type": "application/json"}
        return {"data": self.body(fill)} if self.method == "POST" else {}


def posted(*reads: str, **fields: Any) -> Ask:
    """A form; a field's value may be made of what is filled in."""
    return Ask(method="POST", body=lambda fill: _made(fields, fill), reads=reads)


def sent(method: str, *reads: str, **fields: Any) -> Ask:
    """JSON."""
    return Ask(method=method, body=lambda fill: _made(fields, fill), is_json=True, reads=reads)


def _made(fields: Mapping[str, Any], fill: Fill) -> dict[str, Any]:
    return {name: value(fill) if callable(value) else value for name, value in fields.items()}


def action(name: str, **fields: Any) -> Ask:
    """An action of a change list of the admin on what is filled in."""
    return Ask(
        method="POST",
        body=lambda fill: {"action": name, ACTION_CHECKBOX_NAME: [fill["object_id"]], **fields},
        reads=("object_id",),
    )


def a_file(fill: Fill) -> SimpleUploadedFile:
    return SimpleUploadedFile("mine.csv", fill["bytes"])


def table_of(fill: Fill) -> str:
    return f"data.{fill['slug']}"


GET = Ask()
QUERIES = (
    Ask(query="query=SELECT * FROM data.{slug}", reads=("slug",)),
    Ask(query="query=SELECT * FROM data.{slug} WHERE {name} IS NULL", reads=("slug", "name")),
    Ask(query="query=SELECT * FROM data._file_{file_id}_{file_id}_1", reads=("file_id",)),
    Ask(query="query=SELECT attname FROM pg_attribute"),
)
POST = Ask(method="POST")
DELETE = Ask(method="DELETE")
SEARCH = Ask(query="q={q}", reads=("q",))
ALL_STATES = Ask(query="state=all")
FILES = ("activate_files", "deactivate_files", "replace_by_one", "put_files_back", "add_files", "load_again")
ALL_ACTIONS = (
    *FILES,
    "decline_files",
    "delete_files",
    "delete_datasets",
    "accept_mends",
    "delete_exports",
    "revoke_tokens",
    "cancel_exports",
)
