"""What a webhook tells a program: the event, and the file in the shape of its receipt."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from ninja import Schema
from ninja.responses import NinjaJSONEncoder
from pydantic import Field
from pydantic.json_schema import models_json_schema

from uploads.models import NewsDelivery
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.news.subscriptions import CHOICES
from uploads.services.visibility import viewer_of_user
from uploads.states import NewsEvent
from uploads.web.schemas.answers import Receipt

REFERENCE = "#/components/schemas/{model}"
HEADERS = {
    "webhook-id": "The same at each try: whoever has seen it has had this piece of news.",
    "webhook-timestamp": "When this try was made, in seconds since 1970. Refuse one that is minutes old.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of `webhook-id.webhook-timestamp.body` under the secret in Base64.",
}


class FileNews(Schema):
    """The body of a webhook."""

    type: NewsEvent = Field(description="What happened.")
    timestamp: datetime = Field(description="When it happened; `data` is the file as it is when this is sent.")
    url: str | None = Field(description="Where the API has the file, for a token with the scope read.")
    data: Receipt | None = Field(description="The file as on its receipt; null in a test.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    type: NewsEvent
    timestamp: datetime
    url: str | None
    data: FileReceipt | None


def compose_body(delivery: NewsDelivery) -> bytes:
    """The JSON for a delivery, of what the one who made its subscription may see."""
    receipt, url = None, None
    if delivery.file_id is not None and delivery.subscription is not None:
        viewer = viewer_of_user(delivery.subscription.made_by)
        receipt = describe_file(file_id=delivery.file_id, viewer=viewer)
        url = whole_address(reverse("api:get_file", args=[delivery.file_id]))
    facts = _Facts(type=NewsEvent(delivery.event), timestamp=delivery.happened_at, url=url, data=receipt)
    return json.dumps(FileNews.from_orm(facts).model_dump(), cls=NinjaJSONEncoder).encode()


def whole_address(path: str) -> str:
    """A path of this site with the name that others know it by; where no setting says it, the path alone."""
    return f"{settings.SITE_ADDRESS}{path}"


def describe_webhooks(components: dict[str, Any]) -> dict[str, Any]:
    """For the API's document: ``webhooks`` by event; what their schema needs is added to ``components``."""
    _, found = models_json_schema([(FileNews, "serialization")], ref_template=REFERENCE)
    schemas = components["schemas"]
    for name, schema in found["$defs"].items():
        schemas.setdefault(name, schema)
    return {event.value: {"post": _operation(event)} for event in CHOICES}


def _operation(event: NewsEvent) -> dict[str, Any]:
    return {
        "operationId": f"told_{event.name.lower()}",
        "tags": ["webhooks"],
        "summary": f"A file: {event.label}",
        "description": "Sent to the address of a subscription, which staff make at `/api/news/subscriptions`, by"
        " command, or in the admin under “Subscriptions to news”. Signed as Standard Webhooks say"
        " (https://www.standardwebhooks.com), whose libraries verify it. Tried"
        " again for 31 hours until the answer is 2xx; 410 ends the subscription.",
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": words}
            for name, words in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": REFERENCE.format(model="FileNews")}}},
        },
        "responses": {"2XX": {"description": "It has arrived; the body is not read."}},
    }
