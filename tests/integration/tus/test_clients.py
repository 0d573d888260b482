"""Programs of other people send a file to a running server, in each way that they know. One server for all of them."""

import hashlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.client import TusClient

from tests.integration.tus.client import OFFSET_TYPE
from tests.integration.tus.server import PROJECT, Server
from uploads.models import UploadedFile
from uploads.states import FileState

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"a;b\n" + random.Random(4).randbytes(1_000_000).hex().encode() + b";1\n"  # noqa: S311 (not a secret)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
TUS_JS = PROJECT / "tests" / "js" / "node_modules" / "tus-js-client"


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sent.csv"
    path.write_bytes(CONTENT)
    return path


def endpoint(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/files/"


def became(location: str) -> tuple[str, str] | str:
    """State and hash of the file at an address; the address itself where it is of none."""
    file = UploadedFile.objects.filter(token=location.rpartition("/")[2]).first()
    return location if file is None else (file.state, file.sha256)


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"There is no {name} (CI never skips these tests)")
        pytest.skip(f"there is no {name} here")
    return found


def test_tus_js_client_sends_a_file_in_every_way_that_it_knows(server: Server, path: Path) -> None:
    node = program("node")
    if not TUS_JS.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("tus-js-client is not installed (CI never skips these tests)")
        pytest.skip("tus-js-client is not installed: make check, which needs Node, does that")
    script = PROJECT / "tests" / "js" / "send-by-tus.js"
    done = subprocess.run([node, str(script), endpoint(server), str(path)], capture_output=True, text=True, check=True)
    found = {way: became(location) for way, location in json.loads(done.stdout).items()}
    assert found == {
        way: (FileState.DELETED, "") if "terminated" in way else (FileState.WAITING, DIGEST) for way in found
    }
    assert len(found) == 20


def test_tuspy_sends_a_file_and_goes_on_where_it_stopped(server: Server, path: Path) -> None:
    client = TusClient(endpoint(server))
    with path.open("rb") as stream:
        uploader = client.uploader(file_stream=stream, chunk_size=700_000, metadata={"filename": "sent.csv"})
        uploader.upload(stop_at=700_000)
        again = client.uploader(file_stream=stream, chunk_size=700_000, url=uploader.url)
        assert again.get_offset() == 700_000
        again.upload()
    assert became(str(uploader.url)) == (FileState.WAITING, DIGEST)


def test_curl_sends_a_file_with_its_creation(server: Server, path: Path) -> None:
    headers = ("Tus-Resumable: 1.0.0", f"Upload-Length: {len(CONTENT)}", f"Content-Type: {OFFSET_TYPE}")
    said = [part for header in headers for part in ("-H", header)]
    sent = subprocess.run(
        [program("curl"), "-sS", "-D", "-", "-o", os.devnull, *said, "--data-binary", f"@{path}", endpoint(server)],
        capture_output=True,
        text=True,
        check=True,
    )
    location = next(line.split()[1] for line in sent.stdout.splitlines() if line.lower().startswith("location:"))
    assert became(location) == (FileState.WAITING, DIGEST)
