"""The site behind nginx and Caddy as their sample configurations have it: TLS, large bodies, who sends, cut uploads."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from tests.integration.tus.client import OFFSET_TYPE, metadata
from tests.integration.tus.server import PROJECT, Server, free_port
from tests.integration.tus.test_server import spooled
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.models import UploadedFile
from uploads.states import FileState

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = PROJECT / "uploader_project" / "proxies"
NAME = "data.example.org"
SOMEBODY = "127.0.0.3"
"""An address of this machine that is not the proxy's."""
CONTENT = b"a;b\n" + b"1;2\n" * 600_000


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"There is no {name} (CI never skips these tests)")
        pytest.skip(f"there is no {name} here (Debian: apt install {name})")
    return found


@dataclass
class Proxy:
    """What visitors talk to."""

    https: int
    http: int

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[HTTPResponse, bytes]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it signs for itself
        client = HTTPSConnection(
            "127.0.0.1", self.https, timeout=GIVE_UP_SECONDS, source_address=(SOMEBODY, 0), context=context
        )
        client.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.https), GIVE_UP_SECONDS, (SOMEBODY, 0)), server_hostname=NAME
        )
        try:
            client.request(method, path, body, {"Host": f"{NAME}:{self.https}", **(headers or {})})
            response = client.getresponse()
            return response, response.read()
        finally:
            client.close()

    def answers(self) -> bool:
        try:
            return self.ask("OPTIONS", "/files/")[0].status == 204
        except OSError:
            return False


def nginx(site: int, proxy: Proxy, home: Path) -> list[str]:
    found = program("nginx")
    certify = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    certify += ["-keyout", f"{home}/key.pem", "-out", f"{home}/cert.pem", "-subj", f"/CN={NAME}", "-days", "2"]
    subprocess.run(certify, check=True, capture_output=True)
    sample = (SAMPLES / "nginx.conf").read_text()
    sample = sample.replace("127.0.0.1:8000", f"127.0.0.1:{site}")
    sample = re.sub(r"listen \[::\].*;", "", sample)
    sample = sample.replace("listen 80;", f"listen {proxy.http};").replace("listen 443 ", f"listen {proxy.https} ")
    sample = re.sub(r"/etc/letsencrypt\S*/fullchain.pem", f"{home}/cert.pem", sample)
    sample = re.sub(r"/etc/letsencrypt\S*/privkey.pem", f"{home}/key.pem", sample)
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{folder}_temp_path {home}/{folder};\n" for folder in folders)
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error.log;\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}{sample}}}\n"
    )
    return [found, "-p", str(home), "-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"]


def caddy(site: int, proxy: Proxy, home: Path) -> list[str]:
    found = program("caddy")
    sample = (SAMPLES / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{site}")
    named = f"{NAME} {{"
    assert named in sample
    sample = sample.replace(named, f"https://{NAME}:{proxy.https} {{\n\ttls internal\n")
    general = f"{{\n\tadmin off\n\thttp_port {proxy.http}\n\tskip_install_trust\n\tlocal_certs\n}}\n"
    (home / "Caddyfile").write_text(general + sample)
    return [found, "run", "--config", str(home / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    made = Proxy(https=free_port(), http=free_port())
    configure: Callable[[int, Proxy, Path], list[str]] = request.param
    site = Server(settings={"SITE_ADDRESS": f"https://{NAME}"})
    command = configure(site.port, made, tmp_path)
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
