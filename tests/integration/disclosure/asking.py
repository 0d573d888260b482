"""One question about one file, its answer held to that about a file that never was, and the walk over all of them."""

import re
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client

from tests.integration.addresses import Address, every_address
from tests.integration.disclosure.actors import Actor
from tests.integration.disclosure.ask import Ask, Fill
from tests.integration.disclosure.requests import ASKED
from tests.integration.disclosure.world import Kind, Plant, World
from tests.thorough import IS_THOROUGH

ADDRESSES = tuple(every_address())
MISSING_ID = 7_999_999
APP = {
    "content_type_id": 1,
    "app_label": "uploads",
    "id": 1,
    "position": 98_765,
    "section": "datasets",
    "token_id": 1,
    "subscription_id": 1,
    "news_id": 1,
    "uidb64": "Mg",
}
OBJECT = {
    "dataset": "dataset_id",
    "uploadedfile": "file_id",
    "load": "load_id",
    "rejectedrow": "reject_id",
    "preparedexport": "dataset_id",
    "accesstoken": "file_id",
    "newssubscription": "file_id",
    "newsdelivery": "file_id",
    "review": "file_id",
    "status": "file_id",
}
"""What an address of the admin is about, by the model in it."""
CHANGING = re.compile(
    r"csrf[^>]*|uploader_\w+|"
    r"reference <code>\w+|(\b(\d+|an?)\s\w+ ago|\bnow)\b|\d+(\.\d+)? ms|[\w-]{64}|[\w-]{43}|\b7[1-4]\d{5}\b"
)
"""What differs from one answer to the next in any case."""
HEADERS = ("Location", "Content-Disposition", "WWW-Authenticate", "Allow")
FAULTS = (500, 502)


def fills(plant: Plant, world: World) -> Iterator[tuple[dict[str, Any], bool]]:
    """What leads to a plant, and whether it does so by its token; beside the token of a file of no secrets."""
    column = plant.secrets.get(Kind.COLUMN, "nosuchcolumn")
    common = {
        **APP,
        "file_id": plant.file_id,
        "load_id": (*plant.load_ids, MISSING_ID)[0],
        "reject_id": (*plant.reject_ids, MISSING_ID)[0],
        "dataset_id": (*plant.dataset_ids, MISSING_ID)[0],
        "slug": (*plant.slugs, "nosuchdataset")[0],
        "name": column,
        "wanted": plant.secrets.get(Kind.WANTED, "nosuchdataset"),
        "public_id": world.public.file_id,
        "q": plant.secrets.get(Kind.VALUE, "nosuchvalue"),
        "bytes": b"a;b\n1;2\n",
    }
    yield {**common, "token": plant.token}, True
    yield {**common, "token": world.public.token}, False


def missing(world: World) -> dict[str, Any]:
    ids = dict.fromkeys(("file_id", "load_id", "reject_id", "dataset_id"), MISSING_ID)
    names = dict.fromkeys(("slug", "wanted"), "nosuchdataset")
    others = {"name": "nosuchcolumn", "public_id": world.public.file_id, "q": "nosuchvalue", "bytes": b"a;b\n1;2\n"}
    return {**APP, **ids, **names, **others, "token": world.public.token}


def fill_of(address: Address, fill: dict[str, Any]) -> dict[str, Any]:
    model = re.match(r"/admin/uploads/(\w+)/", address.route)
    return {**fill, "object_id": fill[OBJECT[model[1]]] if model else 1}


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    text: str

    def beside(self, other: "Answer") -> str:
        """Where they differ for whoever reads both."""
        pairs = zip(self._lines, other._lines, strict=False)
        return next((f"{mine!r}, not {theirs!r}" for mine, theirs in pairs if mine != theirs), "")

    @cached_property
    def _lines(self) -> list[str]:
        return [str(self.status), *CHANGING.sub("", self.text).splitlines(), "the end"]


def ask(client: Client, address: Address, asked: Ask, fill: Fill) -> Answer:
    """Ask, and take back what was done by it."""
    path = address.path(fill)
    query = asked.query.format_map(fill)
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        arguments = asked.arguments(fill)
        call = client.post if asked.method == "POST" else client.generic
        target = f"{path}?{query}" if query else path
        response: Any = call(target, **arguments) if asked.method == "POST" else call(asked.method, target, **arguments)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said = [str(message) for message in get_messages(response.wsgi_request)]
        transaction.set_rollback(True)
    client.cookies = cookies
    headers = [response.headers.get(name, "") for name in HEADERS]
    text = "\n".join((*headers, *said, body.decode(errors="replace"))).lower()
    for part in (*address.parts, *asked.reads):
        text = text.replace(str(fill[part]).lower(), "…")
    return Answer(status=response.status_code, text=text)


def leaks_in(answer: Answer, world: World, actor: Actor, held: Plant | None) -> list[str]:
    """What stands in an answer of files that this person does not see, or that nobody sees any more."""
    return [
        f"the {owners[0][1]} of “{owners[0][0].key}”"
        for text, owners in world.secrets.items()
        if text in answer.text
        and not any(kind in plant.kept and (plant == held or actor.sees(plant)) for plant, kind in owners)
    ]


def turn_at(text: str, turns: int) -> int:
    """The same at each run."""
    return zlib.crc32(text.encode()) % turns


def asks(actor: Actor, address: Address) -> bool:
    """In its turn; and who may do one thing, wherever that is done."""
    own, turns = actor.turn
    own_pages = [f"/admin/uploads/{name.partition('_')[2]}/" for name in actor.permissions[:1]]
    has_its_turn = IS_THOROUGH or turn_at(address.name, turns) == own or address.route.startswith(tuple(own_pages))
    return address.route.startswith(actor.below) and has_its_turn


def asked_about(actor: Actor, address: Address, world: World) -> list[Plant]:
    """Another address has another turn, and so has another person."""
    turns = actor.in_turn
    if turns and not IS_THOROUGH:
        turns = (turns[turn_at(f"{actor.name} {address.name}", len(turns))],)
    return [plant for plant in world.plants if plant.key in {*actor.plants, *turns}]


def walk(actor: Actor, world: World) -> list[str]:
    client = actor.client(world)
    found: list[str] = []
    for address in (each for each in ADDRESSES if asks(actor, each)):
        plants = asked_about(actor, address, world)
        for asked in ASKED[address.name]:
            needed = {*address.parts, *asked.reads} - {*APP}
            where = f"{actor.name}: {asked.method} {address.name} {asked.query}"
            none = ask(client, address, asked, fill_of(address, missing(world)))
            found += [f"{where} tells {leak}" for leak in leaks_in(none, world, actor, None)]
            found += [f"{where} ends with {none.status}"] * (none.status in FAULTS)
            if not needed:
                continue
            for plant in plants:
                for fill, by_token in fills(plant, world):
                    if not needed & ({"token"} if by_token else {*fill} - {"token", "bytes"}):
                        continue
                    answer = ask(client, address, asked, fill_of(address, fill))
                    told = leaks_in(answer, world, actor, plant if by_token else None)
                    found += [f"{where} of {plant.key} {by_token} tells {leak}" for leak in told]
                    found += [f"{where} of {plant.key} ends with {answer.status}"] * (answer.status in FAULTS)
                    if not (by_token or plant.is_public or actor.sees(plant)) and (other := answer.beside(none)):
                        found.append(f"{where} of {plant.key} is not as if it never was: {other}")
    return found
