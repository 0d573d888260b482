"""The site behind nginx and Caddy, as their sample configurations have it: for tests, and for faults."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

from tests.waiting import GIVE_UP_SECONDS

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "uploader_project" / "proxies"
NAME = "data.example.org"
SOMEBODY = "127.0.0.3"
"""An address of this machine that is not the proxy's."""


class ProgramMissing(Exception):
    """It is not installed here; the text is its name."""


def program(name: str) -> str:
    """Where it is. Raises ``ProgramMissing``."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ProgramMissing(name)
    return found


@dataclass
class Proxy:
    """What visitors talk to."""

    https: int
    http: int

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[HTTPResponse, bytes]:
        with self.asking(method, path, headers, body) as response:
            return response, response.read()

    @contextmanager
    def asking(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Iterator[HTTPResponse]:
        """An answer that has begun."""
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
            yield client.getresponse()
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
