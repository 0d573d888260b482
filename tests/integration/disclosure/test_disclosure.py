"""Nobody is told what is not theirs to know: every address is asked by everybody about files that others must not see.

Two things fail the walk. An answer that holds something planted of a file that this person does not see; and an answer
about such a file that differs from the one about a file that never was.

Environment: ``EXAMPLES`` (any, as ``tests/thorough.py`` says: each address is asked by everybody, not by some of each
kind, and about all the files of a person's list, as by ``make faults``).
"""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.integration.conftest import Pipeline, empty_data_schema
from tests.integration.disclosure.actors import ACTORS, EVERY_PERMISSION, SCRIPTS, Actor, visitor_cookie
from tests.integration.disclosure.arguments import COMMANDS, LOADING
from tests.integration.disclosure.asking import ADDRESSES, CHANGING, Answer, fills, leaks_in, walk
from tests.integration.disclosure.requests import ASKED
from tests.integration.disclosure.world import OF_CELLS, OF_PUBLIC, Kind, World, plant_world
from tests.integration.tus.client import OFFSET_TYPE, tus
from tests.own_commands import PLACES
from uploads.models import UploadedFile
from uploads.services.querying.query import read_query
from uploads.states import FileState
from uploads.store import stored_files
from uploads.tabular.sandbox.client import WarmReader


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, warm_reader: WarmReader) -> Iterator[World]:
    """Planted once; what a walk does to it is rolled back."""
    with django_db_blocker.unblock():
        planted = plant_world(Pipeline(warm_reader))
        read_query(query="SELECT 1", most_rows=lambda _: 1, is_over=lambda: False)  # its role is there for all sessions
        yield planted
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE uploads_uploadedfile, uploads_dataset, auth_user CASCADE")
        empty_data_schema()


@pytest.fixture
def kept_bytes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deletion that is rolled back leaves the file; and the thousands of refusals need no log."""
    monkeypatch.setattr(stored_files, "delete", lambda name: None)
    logging.disable(logging.CRITICAL)  # not the attribute: loggers remember what they may say
    yield
    logging.disable(logging.NOTSET)


def test_every_address_and_every_command_is_asked() -> None:
    assert {address.name for address in ADDRESSES} == {*ASKED}
    assert {*PLACES} == {*COMMANDS}


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
