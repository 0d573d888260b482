"""Nobody is told what is not theirs to know: every address is asked by everybody about files that others must not see.

Two things fail the walk. An answer that holds something planted of a file that this person does not see; and an answer
about such a file that differs from the one about a file that never was.

Environment: ``EXAMPLES`` (any: each address is asked by everybody, not by a third of the visitors, half of the members
and some of the staff, and about all the files of a person's list, as by ``make faults``).
"""

import base64
import logging
import re
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.core.signing import Signer
from django.db import connection, transaction
from django.test import Client

from tests.integration.addresses import Address, every_address
from tests.integration.conftest import Pipeline
from tests.integration.disclosure.requests import ASKED, COMMANDS, LOADING, Ask, Fill
from tests.integration.disclosure.world import OF_CELLS, OF_PUBLIC, Kind, Plant, World, plant_world
from tests.integration.staff import PASSWORD, basic, make_user
from tests.integration.tus.client import OFFSET_TYPE, tus
from tests.thorough import IS_THOROUGH
from uploads.models import UploadedFile
from uploads.services.files.permissions import STAFF_NEED
from uploads.services.querying.query import read_query
from uploads.states import FileState
from uploads.store import stored_files
from uploads.tabular.sandbox.client import WarmReader

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
VIEWERS = {"view_uploadedfile"}
FEW = ("pending", "deleted", "active")
MORE = ("copy", "tojoin", "off", "hidden", "nearhidden")
GONE = ("founder", "declined", "deleted", "beside", "tried", "withdrawn")
NAMED = sorted({name.removeprefix("uploads.") for names in STAFF_NEED.values() for name in names})


@dataclass(frozen=True, kw_only=True)
class Actor:
    name: str
    permissions: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()
    """About which of them everything is asked."""
    in_turn: tuple[str, ...] = ()
    """About which of them each address is asked one after the other, one for each address."""
    below: str = "/"
    """Where the addresses are that this person asks."""
    by_basic: bool = False
    """A script that sends name and password with each request, as the API has it."""
    password: str = PASSWORD
    turn: tuple[int, int] = (0, 1)
    """Of how many of its kind this one is which: each address is asked by whoever has its turn there."""

    @property
    def is_known(self) -> bool:
        return self.password == PASSWORD

    @property
    def sees_all(self) -> bool:
        return self.is_known and (self.name == "boss" or bool(VIEWERS & {*self.permissions}))

    def sees(self, plant: Plant) -> bool:
        return self.sees_all or (self.is_known and plant.sender == self.name)

    def client(self, world: World) -> Client:
        client = Client(raise_request_exception=False)
        if self.by_basic:
            if self.name not in ("boss", "mara"):
                make_user(self.name, *self.permissions)
            client.defaults["HTTP_AUTHORIZATION"] = basic(self.name, self.password)["Authorization"]
        elif self.name in ("anna", "ben", "cleo"):
            client.cookies["visitor"] = visitor_cookie(self.name)
        elif self.name in ("boss", "mara"):
            client.force_login(getattr(world, self.name))
        elif self.name != "anonymous":
            client.force_login(make_user(self.name, *self.permissions, is_staff=self.name != "moe"))
        return client


def visitor_cookie(visitor: str) -> str:
    return Signer(salt="uploads.visitor").sign(visitor)


def clerk(*permissions: str, name: str = "") -> Actor:
    """A member of staff. A permission that the app does not name could matter to Django's own admin alone.

    Who sees no file asks about one that is pending: what the others ask about too, nobody may see.
    """
    name = name or f"clerk_{permissions[0]}"
    if not {*permissions} & {*NAMED}:
        return Actor(name=name, permissions=permissions, plants=FEW[:1], below="/admin/")
    in_turn = GONE if VIEWERS & {*permissions} else ()
    return Actor(name=name, permissions=permissions, plants=FEW[:1], in_turn=in_turn)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, warm_reader: WarmReader) -> Iterator[World]:
    """Planted once; what a walk does to it is rolled back."""
    with django_db_blocker.unblock():
        planted = plant_world(Pipeline(warm_reader))
        read_query(query="SELECT 1", most_rows=lambda _: 1, is_over=lambda: False)  # its role is there for all sessions
        yield planted
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE uploads_uploadedfile, uploads_dataset, auth_user CASCADE")
            cursor.execute("DROP SCHEMA data CASCADE")
            cursor.execute("CREATE SCHEMA data")


@pytest.fixture
def kept_bytes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deletion that is rolled back leaves the file; and the thousands of refusals need no log."""
    monkeypatch.setattr(stored_files, "delete", lambda name: None)
    logging.disable(logging.CRITICAL)  # not the attribute: loggers remember what they may say
    yield
    logging.disable(logging.NOTSET)


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


def test_every_address_and_every_command_is_asked() -> None:
    assert {address.name for address in ADDRESSES} == {*ASKED}
    folder = Path(settings.BASE_DIR) / "uploads" / "management" / "commands"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {*COMMANDS}


def in_turns(*actors: Actor, of: int) -> list[Actor]:
    """Actors who share the addresses out among themselves: each address is asked by one of every ``of``."""
    return [replace(actor, turn=(number % of, of)) for number, actor in enumerate(actors)]


VISITORS = (
    Actor(name="anonymous", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "declined", "twin")),
    Actor(name="anna", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "failed", "declined", "withdrawn")),
    Actor(name="cleo", plants=("twin",), in_turn=(*FEW, *MORE)),
    Actor(name="ben", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "twin")),
)
MARA = Actor(
    name="mara", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "refused", "founder", "unwanted", "tried")
)
MOE = Actor(name="moe", plants=FEW[:1], in_turn=(*FEW[1:], "arriving"))
BOSS = Actor(name="boss", plants=FEW[:1], in_turn=FEW[1:])
EVERY_PERMISSION = (
    [
        f"{act}_{model}"
        for model in ("dataset", "datasetcolumn", "uploadedfile", "load", "rejectedrow", "fileevent")
        for act in ("view", "add", "change", "delete")
    ]
    + ["activate_uploadedfile", "retry_uploadedfile", "query_datasets", "view_accesstoken", "revoke_accesstoken"]
    + ["manage_newssubscription"]
)
BLIND = clerk(*(name for name in EVERY_PERMISSION if name not in VIEWERS), name="blind")
ACTORS = [
    *in_turns(*VISITORS, of=3),
    *in_turns(MARA, MOE, of=2),
    *in_turns(BOSS, of=6),
    *in_turns(*(clerk(name) for name in EVERY_PERMISSION if name in NAMED), BLIND, of=8),
    *in_turns(*(clerk(name) for name in EVERY_PERMISSION if name not in NAMED), of=18),
]
SCRIPTS = in_turns(
    MARA,
    MOE,
    BOSS,
    clerk("view_uploadedfile"),
    BLIND,
    replace(BOSS, password="wrong"),
    of=3,
)


@pytest.mark.django_db
def test_every_permission_has_its_clerk(world: World) -> None:
    found = Permission.objects.filter(content_type__app_label="uploads").values_list("codename", flat=True)
    assert {*found} == {*EVERY_PERMISSION}


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_nobody_is_told_what_is_not_theirs(world: World, kept_bytes: None, actor: Actor) -> None:
    found = walk(actor, world)
    assert not found, "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", SCRIPTS, ids=lambda actor: f"{actor.name}-{actor.password.split()[0]}")
def test_no_script_is_told_what_is_not_its_callers(world: World, kept_bytes: None, actor: Actor) -> None:
    found = walk(replace(actor, by_basic=True, below="/api/"), world)
    assert not found, "\n".join(found)


def told_by(command: str, arguments: list[str]) -> Answer:
    """All that a command prints, also where it refuses; what it did is taken back."""
    out, err = StringIO(), StringIO()
    status = 0
    with transaction.atomic():
        try:
            call_command(command, *arguments, stdout=out, stderr=err)
        except CommandError as error:
            err.write(str(error))
            status = error.returncode
        except SystemExit as error:
            status = int(error.code or 0)
        transaction.set_rollback(True)
    text = f"{out.getvalue()}\n{err.getvalue()}".lower()
    for argument in arguments:
        text = text.replace(argument.lower(), "…")
    return Answer(status=status, text=text)


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_what_was_in_a_deleted_file(
    world: World, kept_bytes: None, command: str, tmp_path: Path
) -> None:
    operator = Actor(name="boss")
    path = tmp_path / "mine.csv"
    path.write_text(OF_PUBLIC)
    found: list[str] = []
    for arguments in COMMANDS[command]:
        for plant in (plant for plant in world.plants if plant.kept < {*Kind} or command not in LOADING):
            fill, _ = next(fills(plant, world))
            answer = told_by(command, arguments({**fill, "path": path}))
            found += [f"{command} of {plant.key} tells {leak}" for leak in leaks_in(answer, world, operator, None)]
    assert not found, "\n".join(found)


@pytest.mark.django_db
def test_tus_tells_of_a_file_to_whoever_holds_its_token_alone(world: World) -> None:
    stranger = Actor(name="anonymous")
    found: list[str] = []
    for plant in world.plants:
        assert tus("HEAD", f"/files/{plant.file_id}").status == 404
        for verb in ("HEAD", "OPTIONS"):
            answer = tus(verb, f"/files/{plant.token}")
            pairs = (pair.split(" ") for pair in answer.headers.get("upload-metadata", "").split(",") if " " in pair)
            text = " ".join(base64.b64decode(value).decode() for _, value in pairs).lower()
            leaks = leaks_in(Answer(status=answer.status, text=text), world, stranger, plant)
            found += [f"{verb} of {plant.key} tells {leak}" for leak in leaks]
    assert not found, "\n".join(found)


VERBS: dict[str, dict[str, str]] = {
    "POST": {"Upload-Length": "1"},
    "PATCH": {"Upload-Offset": "0", "Content-Type": OFFSET_TYPE},
    "DELETE": {},
    "HEAD": {},
    "OPTIONS": {},
}
STRANGERS = {"anonymous": "", "ben": "ben", "whoever is next at the browser of mara": "marasbrowser"}


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_of_tus_tells_or_changes_a_file_of_somebody_else(world: World, verb: str, visitor: str) -> None:
    cookies = {"Cookie": f"visitor={visitor_cookie(visitor)}"} if visitor else {}
    states = dict(UploadedFile.objects.values_list("pk", "state"))

    def answer(path: str, **headers: str) -> tuple[int, str]:
        method = "POST" if headers else verb
        given = tus(method, path, {**VERBS[verb], **cookies, **headers}, b"x" if verb == "PATCH" else b"")
        return given.status, CHANGING.sub("", given.body.decode())

    found: list[str] = []
    for plant in world.plants:
        for headers in ({}, {"X-HTTP-Method-Override": verb}):
            none = answer(f"/files/{'x' * 43}", **headers)
            told = {answer(f"/files/{key}", **headers) for key in (plant.token, plant.file_id)}
            found += [f"{verb} of {plant.key} {headers} says {each}, not {none}" for each in told - {none}]
    assert not found, "\n".join(found)
    assert dict(UploadedFile.objects.values_list("pk", "state")) == states


@pytest.mark.django_db
def test_what_is_planted_shows_where_it_may(world: World) -> None:
    """Or the walk would look for what is nowhere."""
    boss = Actor(name="boss").client(world)
    for plant in world.plants:
        if plant.kept == {*Kind}:
            shown = boss.get(f"/receipts/{plant.token}/").text.lower()
            shown += boss.get(f"/api/files/{plant.file_id}").text.lower()
            shown += boss.get(f"/api/files/{plant.file_id}/rejects").text.lower()
            unread = {FileState.DUPLICATE: {*OF_CELLS}, FileState.FAILED: {Kind.VALUE}}
            hidden = unread.get(FileState(plant.state), set())
            if plant.key == "twin":  # sent without the option that names it, the word is one cell of many
                hidden = {*hidden, Kind.WORD}
            missing_kinds = {kind for kind, text in plant.secrets.items() if text.lower() not in shown}
            assert missing_kinds <= hidden, plant.key
