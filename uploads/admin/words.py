"""The admin's words for what is stored: those of the pages, where the database has names of its own."""

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, str]] = {
    "UploadedFile": {
        "name": "File name",
        "state_changed_at": "Since",
        "sha256": "Fingerprint (SHA-256)",
        "via": "Came by",
        "address": "From the IP address",
        "created_at": "Sent",
        "received_at": "Received",
        "dataset_wanted": "Dataset chosen (name in SQL)",
        "activate": "Activate it once loaded",
        "fence": "Attempt number",
        "attempts": "Tries since somebody asked",
        "worker": "Worker (a process of the server)",
        "phase": "Doing now",
        "started_at": "Began",
        "finished_at": "Finished",
    },
    "Load": {
        "source": "Sheet or archive member",
        "part": "Its rows are stored in the table",
        "format": "Format",
        "encoding": "Encoding (how letters are written)",
        "quotechar": "Quote around cells",
        "line_end": "Lines end with",
        "fence": "Attempt number",
        "started_at": "Began",
        "finished_at": "Finished",
    },
    "Dataset": {"name": "Dataset", "visibility": "Read by", "created_at": "Made"},
    "DatasetColumn": {
        "label": "Name in the header",
        "name": "Name in SQL",
        "description": "Description",
        "type": "Type",
    },
    "SavedView": {
        "slug": "Its address ends with",
        "kind": "Shows",
        "query": "Filter, order and columns, or chart",
        "dashboard_place": "Place on the dashboard",
        "saved_by": "Saved by",
        "saved_at": "Saved",
    },
    "PreparedExport": {
        "query": "Filter, order and columns",
        "asked_at": "Asked for",
        "started_at": "Began",
        "finished_at": "Finished",
        "expires_at": "Its link ends",
        "attempts": "Tries",
        "error_message": "Why it failed",
    },
    "AccessToken": {
        "user": "Acts for",
        "start": "Begins with",
        "created_at": "Made",
        "expires_at": "Ends",
        "last_used_at": "Last used",
        "revoked_at": "Revoked",
        "revoked_by": "Revoked by",
    },
    "NewsSubscription": {
        "way": "By",
        "target": "To the address",
        "dataset": "Files of the dataset",
        "is_on": "Switched on",
        "made_by": "Made by",
        "made_at": "Made",
    },
    "NewsDelivery": {
        "event": "The file",
        "way": "By",
        "target": "To",
        "message_id": "Number (webhook-id)",
        "happened_at": "Happened",
        "attempts": "Tries",
        "finished_at": "Done",
        "answer": "Last answer",
    },
    "RejectedRow": {
        "row": "Line",
        "column": "Column",
        "value": "Value",
        "reason": "Why it was rejected",
        "code": "Kind of fault, for programs",
        "raw": "The whole row as in the file",
    },
    "FileEvent": {"at": "When", "state": "State from then on", "user": "By", "text": "What was done"},
}
"""By model and field."""
_NO_HELP = {
    "UploadedFile": ("dataset_wanted", "activate", "fence", "attempts"),
    "Load": ("source", "part", "fence", "line_end"),
    "DatasetColumn": ("label", "description"),
    "Dataset": ("name",),
    "SavedView": ("slug", "query", "dashboard_place"),
    "PreparedExport": ("dataset", "query"),
    "AccessToken": ("start", "name", "last_used_at"),
    "NewsDelivery": ("answer",),
    "RejectedRow": ("row", "reason"),
    "FileEvent": ("state",),
}
"""What the model's help says to programmers, in their words, and the label says to people."""


def form_words(model: type) -> dict[str, Any]:
    """The labels and help texts of a model's form, for those that show facts too."""
    name = model.__name__
    return {"labels": dict(WORDS.get(name, {})), "help_texts": dict.fromkeys(_NO_HELP.get(name, ()), "")}
