"""The site behind nginx and Caddy as their sample configurations have it: TLS, large bodies, who sends, cut uploads."""

import json
import os
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.integration.events.client import Followed
from tests.integration.tus.client import OFFSET_TYPE, metadata
from tests.integration.tus.server import Server, free_port
from tests.integration.tus.test_server import spooled
from tests.proxied import NAME, SOMEBODY, ProgramMissing, Proxy, caddy, nginx
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.models import UploadedFile
from uploads.states import FileState

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"a;b\n" + b"1;2\n" * 600_000


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    made = Proxy(https=free_port(), http=free_port())
    configure: Callable[[int, Proxy, Path], list[str]] = request.param
    site = Server(settings={"SITE_ADDRESS": f"https://{NAME}"})
    try:
        command = configure(site.port, made, tmp_path)
    except ProgramMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"There is no {missing} (CI never skips these tests)")
        pytest.skip(f"there is no {missing} here (Debian: apt install {missing})")
    site.start()
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: made.answers() or process.poll() is not None)
        assert process.poll() is None, (tmp_path / "error.log").read_text()
        yield made
    finally:
        process.terminate()
        process.wait(GIVE_UP_SECONDS)
        site.stop()


def test_site_behind_a_proxy_keeps_its_promises(proxy: Proxy) -> None:
    """One test, for it starts a server and a proxy; each of its paragraphs is something that a wrong line breaks."""
    plain = HTTPConnection("127.0.0.1", proxy.http, timeout=GIVE_UP_SECONDS)
    plain.request("GET", "/datasets/", headers={"Host": NAME})
    redirect = plain.getresponse()
    assert redirect.status in (301, 308)
    assert str(redirect.headers["Location"]).startswith(f"https://{NAME}")
    plain.close()

    page, text = proxy.ask("GET", "/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=2592000"
    assert "Secure" in str(page.headers["Set-Cookie"])
    assert b"Choose files" in text

    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + CONTENT + b"\r\n--x--\r\n"
    claim = {"X-Forwarded-For": "203.0.113.9", "Content-Type": "multipart/form-data; boundary=x"}
    sent, answer = proxy.ask("POST", "/api/files", claim, form)
    assert sent.status == 201, answer
    assert f"https://{NAME}:{proxy.https}/api/receipts/".encode() in answer
    assert UploadedFile.objects.get().address == SOMEBODY

    receipt = "/" + json.loads(answer)["receipt"].split("/", 3)[3]
    with proxy.asking("GET", f"{receipt}/events") as stream:  # which goes on: nothing is kept on the way
        event = Followed(stream).next()
        assert event is not None
        assert event.data["state"] == FileState.WAITING

    tus = {"Tus-Resumable": "1.0.0", "Content-Type": OFFSET_TYPE}
    begin = {**tus, "Upload-Length": str(len(CONTENT)), "Upload-Metadata": metadata(filename="b.csv")}
    location = str(proxy.ask("POST", "/files/", begin)[0].headers["Location"])
    path = location if location.startswith("/") else "/" + location.split("/", 3)[3]
    cut_off(proxy, path, tus)
    head, _ = proxy.ask("HEAD", path, tus)
    offset = int(str(head.headers["Upload-Offset"]))
    assert 0 < offset < len(CONTENT)
    rest, _ = proxy.ask("PATCH", path, {**tus, "Upload-Offset": str(offset)}, CONTENT[offset:])
    assert rest.status == 204
    assert UploadedFile.objects.get(name="b.csv").state == FileState.WAITING


def cut_off(proxy: Proxy, path: str, headers: dict[str, str]) -> None:
    """Send half of the bytes, wait until they are kept, and be gone."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    said = {**headers, "Host": f"{NAME}:{proxy.https}", "Upload-Offset": "0", "Content-Length": str(len(CONTENT))}
    lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    with (
        socket.create_connection(("127.0.0.1", proxy.https), GIVE_UP_SECONDS) as wire,
        context.wrap_socket(wire, server_hostname=NAME) as safe,
    ):
        safe.sendall("\r\n".join(lines).encode() + CONTENT[: len(CONTENT) // 2])
        wait_until(lambda: spooled(path) > 0)
