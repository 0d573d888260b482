"""A backup of a site at work comes back whole in an empty installation, and in no other."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from tests.integration.conftest import Pipeline, connection_parameters, rows
from tests.integration.staff import make_user
from tests.waiting import wait_until
from uploads.database import dumps
from uploads.models import FileNews, NewsDelivery, SenderAddress, UploadedFile
from uploads.services.backups.making import make_backup
from uploads.services.backups.manifest import NAME, SUMS
from uploads.services.backups.restoring import restore_backup, settle_restored
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.deletion import purge_deleted_files
from uploads.services.news.holding import HeldNews, held_news
from uploads.services.news.spreading import spread_news
from uploads.services.news.subscriptions import CHOICES, save_subscription
from uploads.services.receiving.expiry import expire_uploads
from uploads.services.receiving.parts import begin_part, expire_parts
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import begin_upload
from uploads.states import DeliveryState, FileState
from uploads.store import stored_files

PRICES = "code;price\n01;1.5\n02;2.5\n"
MORE = "code;price\n03;3.5\n"


def quiet(_: str) -> None:
    pass


@pytest.fixture
def empty_database(data_schema: None) -> Iterator[str]:
    """The name of a database like the tests' own before anything is in it."""
    parameters = connection_parameters()
    connections.close_all()  # nobody may use a database that is copied
    with psycopg.connect(**parameters | {"dbname": "postgres"}, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE restored TEMPLATE {}").format(sql.Identifier(parameters["dbname"])))
        try:
            yield "restored"
        finally:
            server.execute("DROP DATABASE restored WITH (FORCE)")


@contextmanager
def installation(*, database: str, var: Path) -> Iterator[None]:
    """Another installation: ``connection`` and the store lead there."""
    ours = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = database
    try:
        with override_settings(MEDIA_ROOT=var / "files", VAR_DIR=var):
            yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = ours


def prices() -> list[tuple[object, ...]]:
    return rows("SELECT code, price::text FROM data.prices ORDER BY 1")


def test_a_backup_made_while_files_come_and_go_comes_back_as_the_moment_that_it_is_of(
    pipeline: Pipeline, empty_database: str, tmp_path: Path
) -> None:
    first = pipeline.load(PRICES, "prices.csv").file_id
    off = pipeline.load(MORE, "prices_2.csv", dataset="prices", activate=False).file_id
    begin_upload(name="half.csv", size=1_000, via=UploadedFile.Via.TUS, uploader=Sender(visitor="somebody"))
    begin_part(size=1_000, uploader=Sender(visitor="somebody"))

    def act() -> None:
        pipeline.load(MORE.replace("03", "04"), "prices_3.csv", dataset="prices")
        delete_file(file_id=first)
        purge_deleted_files()
        connections.close_all()

    def while_it_is_made(said: str) -> None:
        if said.startswith("Database"):
            with ThreadPoolExecutor(1) as others:
                others.submit(act).result()

    backup = make_backup(folder=tmp_path / "backup", say=while_it_is_made)
    assert prices() == [("04", "3.5")]
    assert (backup.datasets, backup.files, backup.bytes, backup.unfinished) == (1, 2, len(PRICES + MORE), 2)
    assert purge_deleted_files() == 1, "its bytes were kept for the backup, and go afterwards"

    with installation(database=empty_database, var=tmp_path / "other"):
        assert restore_backup(folder=tmp_path / "backup", say=quiet) == backup
        settle_restored()
        assert prices() == [("01", "1.5"), ("02", "2.5")]
        for file_id, content in ((first, PRICES), (off, MORE)):
            stored = UploadedFile.objects.get(pk=file_id).stored_as
            assert b"".join(stored_files.read_range(stored, 0, 100)).decode() == content
        activate_file(file_id=off)
        deactivate_file(file_id=first)
        assert prices() == [("03", "3.5")]
        assert pipeline.load("code;price\n09;9\n", "prices_4.csv", dataset="prices").file_id > off
        assert (expire_uploads(), expire_parts()) == (1, 1), "what had not arrived is given up"
        with pytest.raises(CommandError, match=r"^Here are 4 files and 1 dataset already"):
            call_command("restore", str(tmp_path / "backup"))


def test_backup_is_made_beside_somebody_who_waits_to_change_a_table(pipeline: Pipeline, tmp_path: Path) -> None:
    """As whoever activates a file does. ``pg_dump`` has its locks a good while before it begins to write."""
    pipeline.load(PRICES, "prices.csv")
    [(part,)] = rows("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'data.prices'::regclass")
    read = "SELECT pid FROM pg_locks WHERE relation = %s::regclass AND mode = 'AccessShareLock' AND granted"

    def change() -> None:
        with psycopg.connect(**connection_parameters(), autocommit=True) as session:
            wait_until(lambda: session.execute(read, [part]).fetchone())
            session.execute(f"BEGIN; LOCK TABLE {part}; COMMIT")

    with ThreadPoolExecutor(1) as others:
        changed = others.submit(change)
        assert make_backup(folder=tmp_path / "backup", say=quiet).files == 1
        changed.result()


def test_a_restored_site_tells_nobody_of_files_until_somebody_says_so(
    pipeline: Pipeline, empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where nothing follows the moment in which the database is in its place: the site is started right then."""
    file = UploadedFile.objects.get(pk=pipeline.load(PRICES, "prices.csv", activate=False).file_id)
    on, off = (
        save_subscription(user_id=make_user(name).pk, way="webhook", target="https://8.8.8.8/", events=CHOICES)
        for name in ("ana", "ben")
    )
    save_subscription(
        user_id=off.made_by_id, way=off.way, target=off.target, events=off.events, is_on=False, subscription=off
    )
    SenderAddress.objects.create(file=file, address="ana@example.org")
    NewsDelivery.objects.create(subscription=on, event="test", way="webhook", target=on.target)
    NewsDelivery.objects.create(file=file, event="file.failed", way="mail", target="ben@example.org")
    make_backup(folder=tmp_path / "backup", say=quiet)
    with installation(database=empty_database, var=tmp_path / "other"):
        restore_backup(folder=tmp_path / "backup", say=quiet)
        assert set(NewsDelivery.objects.values_list("state", "target")) == {
            (DeliveryState.GIVEN_UP, ""),
            (DeliveryState.GIVEN_UP, on.target),
        }
        activate_file(file_id=file.pk)
        assert not FileNews.objects.exists()
        settle_restored()
        call_command("news_subscriptions", "--resume")
        assert (
            capsys.readouterr().out
            == "1 subscription and 1 sender of files are told again, of what happens from now on.\n"
        )
        deactivate_file(file_id=file.pk)
        activate_file(file_id=file.pk)
        assert spread_news(file_id=file.pk) == 2, "the subscription that was on, and the sender"
        assert held_news() == HeldNews(subscriptions=0, senders=0)


def test_a_backup_that_is_not_whole_or_was_touched_changes_nothing(
    pipeline: Pipeline, empty_database: str, tmp_path: Path
) -> None:
    file = pipeline.load(PRICES, "prices.csv")
    folder = tmp_path / "backup"
    make_backup(folder=folder, say=quiet)
    whole = {path: path.read_bytes() for path in (folder / NAME, folder / SUMS)}
    [stored] = (folder / "files").rglob("*/*")

    def refusal() -> str:
        with installation(database=empty_database, var=tmp_path / "other"):
            with pytest.raises(CommandError) as refused:
                call_command("restore", str(folder))
            assert not UploadedFile.objects.exists()
            assert not [path for path in (tmp_path / "other").rglob("*") if path.is_file()]
        for path, content in whole.items():
            path.write_bytes(content)
        return str(refused.value)

    (folder / NAME).unlink()
    assert refusal().startswith(f"There is no whole backup in {folder}: {NAME} is missing.")
    (folder / NAME).write_text(json.dumps({**json.loads(whole[folder / NAME]), "migration": "9999_newer"}))
    assert refusal().startswith("The backup was made by a newer version of this program")
    (folder / NAME).write_text('{"format": 2}')
    assert refusal().startswith(f"The backup in {folder} has the format 2; this program reads 1.")
    (folder / SUMS).write_text("0" * 64 + "  files/../../etc/passwd\n")
    assert "names “files/../../etc/passwd”, which no backup has" in refusal()
    (folder / "database/toc.dat").rename(folder / "toc.dat")
    assert refusal().startswith("pg_restore could not finish.")
    (folder / "toc.dat").rename(folder / "database/toc.dat")
    with psycopg.connect(**connection_parameters() | {"dbname": empty_database}, application_name="the site"):
        assert refusal().startswith("The database is in use by 1 more: the site.")
    stored.write_bytes(PRICES.replace("1.5", "1.4").encode())
    assert refusal().startswith(f"The bytes of {stored} are not those that were put there.")
    stored.unlink()
    assert refusal().startswith(f"{stored} is missing.")
    assert prices() == [("01", "1.5"), ("02", "2.5")]
    assert UploadedFile.objects.get(pk=file.file_id).state == FileState.ACTIVE


def test_a_store_that_has_the_files_keeps_them_and_psql_says_itself_why_it_ended(
    pipeline: Pipeline, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(PRICES, "prices.csv")
    stored = UploadedFile.objects.get().stored_as
    make_backup(folder=tmp_path / "backup", say=quiet)
    with stored_files.local_path(stored) as path:
        shared = path.parents[2]
    with installation(database=empty_database, var=shared):
        with pytest.raises(CommandError, match=r"already: it is that of another installation"):
            call_command("restore", str(tmp_path / "backup"))
        assert not UploadedFile.objects.exists()
    assert stored_files.exists(stored)
    monkeypatch.setattr(dumps, "_EMPTIED", "SELECT nothing_of_the_kind")
    with (
        installation(database=empty_database, var=tmp_path / "other"),
        pytest.raises(CommandError, match=r"^psql could not finish.*nothing_of_the_kind"),
    ):
        call_command("restore", str(tmp_path / "backup"))


def test_backup_says_of_which_files_the_store_has_lost_the_bytes_and_takes_no_folder_twice(
    pipeline: Pipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, other = pipeline.load(PRICES, "prices.csv"), pipeline.load(MORE, "more.csv")
    stored_files.delete(UploadedFile.objects.get(pk=gone.file_id).stored_as)
    with stored_files.local_path(UploadedFile.objects.get(pk=other.file_id).stored_as) as path:
        path.write_bytes(b"code;price\n03;9.9\n")
    with pytest.raises(CommandError) as complaint:
        call_command("backup", str(tmp_path / "backup"), "--json")
    assert str(complaint.value) == (
        f"The stored bytes of file {gone.file_id} are missing on this machine. The stored bytes of file {other.file_id}"
        " are not those that were sent. Their tables are in the backup."
        " Send these files again to have their bytes, too."
    )
    said = json.loads(capsys.readouterr().out)
    assert (said["without_bytes"], said["damaged"], said["files"]) == ([gone.file_id], [other.file_id], 1)
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(tmp_path / "backup"))
