"""Visitors with and without cookies, and a program with a token: they send, go on, look and take back, over HTTP."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.models import User
from django.core.signing import Signer
from django.db import connection

from tests.faults.files import Made, text
from tests.faults.people import AWAY, Truth
from tests.faults.site import Answer, Away, Site
from tests.integration.tus.client import OFFSET_TYPE, metadata
from uploads.models import UploadedFile
from uploads.services.tokens.tokens import make_token, revoke_token
from uploads.states import FileState
from uploads.web.visitors import COOKIE

VISITED = "visited"
"""The dataset that they send to."""
ROWS = (40, 900, 20_000)
AT_A_TIME = 25_000
"""Numbers that are one file's, so that no two have a row in common."""
TUS = {"Tus-Resumable": "1.0.0"}
HIDDEN = {401, 403, 404}
LATER = {429, 502, 503, 504}
"""The site, or the proxy before it, says to come back."""


@dataclass(slots=True)
class Sent:
    """What they know of each other's files, all together."""

    taken: dict[str, str] = field(default_factory=dict)
    """Names of files that the site said it has, and whose they are."""
    numbers: dict[str, int] = field(default_factory=dict)
    """By the name."""
    begun: int = 0
    withdrawn: set[str] = field(default_factory=set)
    guard: threading.Lock = field(default_factory=threading.Lock)


class Visitor:
    """One sender. ``headers`` say who it is: a cookie, a token, or nothing."""

    def __init__(self, name: str, site: Site, truth: Truth, sent: Sent, random: Random) -> None:
        self.name = name
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.broken: list[str] = []
        self.headers: dict[str, str] = {}
        self._site, self._truth, self._sent, self._random = site, truth, sent, random
        self._receipts: dict[str, str] = {}
        """Of files that it may take back, by their name."""

    def run(self, stop: threading.Event) -> None:
        acts = self.acts()
        while not stop.wait(self._random.uniform(0.1, 0.8)):
            [act] = self._random.choices(list(acts), list(acts.values()))
            try:
                name = act()
            except Away:
                name, self.refused["no answer"] = "", self.refused["no answer"] + 1
            except AWAY:
                name, self.refused["the database was away"] = "", self.refused["the database was away"] + 1
                connection.close()
            if name:
                self.done[name] += 1
        connection.close()

    def acts(self) -> dict[Callable[[], str], int]:
        raise NotImplementedError

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        answer = self._site.ask(method, path, {**self.headers, **(headers or {})}, body)
        if answer.status == 500:
            self.broken.append(f"{self.name}: {method} {path} was answered 500: {answer.body[:200]!r}")
        if answer.status in LATER:
            self.refused[f"{answer.status}"] += 1
        return answer

    def make(self) -> Made:
        """Known before anything is sent: the answer may be lost."""
        with self._sent.guard:
            self._sent.begun += 1
            rows, first = self._random.choice(ROWS), self._sent.begun * AT_A_TIME + 1
        return self._truth.note(
            Made(
                kind="visitor's csv",
                name=f"{self.name}.csv",
                dataset=VISITED,
                data=text(rows, label="visit", first=first),
                tables={"visit": rows},
                first=first,
            )
        )

    def took(self, made: Made, number: int | None = None) -> None:
        with self._sent.guard:
            self._sent.taken[made.name] = self.name
            if number is not None:
                self._sent.numbers[made.name] = number

    def send_by_form(self) -> str:
        made = self.make()
        fields = {"dataset": VISITED, "activate": self._random.choice(["true", "false"])}
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        ]
        parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{made.name}"\r\n\r\n')
        body = "".join(parts).encode() + made.data + b"\r\n--x--\r\n"
        answer = self.ask("POST", "/api/files", {"Content-Type": "multipart/form-data; boundary=x"}, body)
        if answer.status != 201:
            return ""
        said = json.loads(answer.body)
        self._receipts[made.name] = said["receipt"]
        self.took(made, said["id"])
        return "sent by form"

    def send_in_pieces(self) -> str:
        """By tus, in pieces, and after whatever befell one from where the site says that it stands."""
        made = self.make()
        about = metadata(filename=made.name, dataset=VISITED, activate=self._random.choice(["true", "false"]))
        begun = self.ask("POST", "/files/", {**TUS, "Upload-Length": str(len(made.data)), "Upload-Metadata": about})
        if begun.status != 201:
            return ""
        path = _path(begun.headers["location"])
        for _ in range(40):
            try:
                offset = self._offset(path)
                if offset is None:
                    return ""
                if offset == len(made.data):
                    break
                piece = made.data[offset : offset + 1 + self._random.randrange(len(made.data))]
                told = {**TUS, "Content-Type": OFFSET_TYPE, "Upload-Offset": str(offset)}
                self.ask("PATCH", path, told, piece)
            except Away:
                self.refused["no answer"] += 1
        else:
            return ""
        self.took(made)
        return "sent in pieces"

    def _offset(self, path: str) -> int | None:
        """``None``: staff deleted it meanwhile."""
        for _ in range(40):
            try:
                answer = self.ask("HEAD", path, TUS)
            except Away:
                self.refused["no answer"] += 1
                continue
            if answer.status == 200:
                return int(answer.headers["upload-offset"])
            if answer.status in (404, 410):
                return None
        return None

    def look_at_another(self) -> str:
        """What others sent is not there, whatever is asked of it."""
        with self._sent.guard:
            others = [number for name, number in self._sent.numbers.items() if self._sent.taken[name] != self.name]
        if not others:
            return ""
        number = self._random.choice(others)
        for method, path in (
            ("GET", f"/api/files/{number}"),
            ("GET", f"/api/files/{number}/rejects"),
            ("GET", f"/api/files/{number}/lines?line=1"),
            ("GET", f"/api/files/{number}/as-in-file"),
        ):
            answer = self.ask(method, path)
            if answer.status not in HIDDEN | LATER:
                self.broken.append(f"{self.name}: {path} of somebody else was answered {answer.status}")
        return "looked at another's"


class Passer(Visitor):
    """By ``curl``, without a cookie: whoever holds the receipt takes the file back."""

    def acts(self) -> dict[Callable[[], str], int]:
        return {self.send_by_form: 4, self.send_in_pieces: 3, self.withdraw: 3, self.look_at_another: 2}

    def withdraw(self) -> str:
        if not self._receipts:
            return ""
        name = self._random.choice(list(self._receipts))
        answer = self.ask("DELETE", _path(self._receipts[name]))
        if answer.status in LATER:
            return ""
        del self._receipts[name]
        if answer.status == 200:
            with self._sent.guard:
                self._sent.withdrawn.add(name)
            return "withdrawn"
        self.refused[f"withdraw: {json.loads(answer.body)['error']['code']}"] += 1
        return ""


class Browser(Visitor):
    """With the cookie of a visitor: its list has its own files and no others."""

    def __init__(self, name: str, site: Site, truth: Truth, sent: Sent, random: Random) -> None:
        super().__init__(name, site, truth, sent, random)
        self.headers = {"Cookie": f"{COOKIE}={Signer(salt='uploads.visitor').sign(name)}"}

    def acts(self) -> dict[Callable[[], str], int]:
        return {self.send_in_pieces: 4, self.look: 3, self.look_at_another: 2}

    def look(self) -> str:
        answer = self.ask("GET", "/api/files?mine=true")
        if answer.status != 200:
            return ""
        for file in json.loads(answer.body)["files"]:
            if not file["name"].endswith(f"-{self.name}.csv"):
                self.broken.append(f"{self.name} was shown {file['name']} in its list")
            with self._sent.guard:
                self._sent.numbers.setdefault(file["name"], file["id"])
                self._sent.taken.setdefault(file["name"], self.name)
        return "looked at its list"


class Program(Visitor):
    """With the token of a person who is no staff: it sends and reads, and may do nothing else."""

    def __init__(self, name: str, site: Site, truth: Truth, sent: Sent, random: Random) -> None:
        super().__init__(name, site, truth, sent, random)
        person = User.objects.create_user(name)
        made = make_token(user=person, scopes=["upload", "read"])
        self.token_id = made.facts.token_id
        self.headers = {"Authorization": f"Bearer {made.secret}"}

    def acts(self) -> dict[Callable[[], str], int]:
        return {self.send_by_form: 3, self.send_in_pieces: 2, self.read: 4, self.overreach: 2, self.look_at_another: 2}

    def read(self) -> str:
        answer = self.ask("GET", f"/api/datasets/{VISITED}/rows?limit=100")
        return "read rows" if answer.status == 200 else ""

    def overreach(self) -> str:
        for method, path in (("GET", "/api/news/subscriptions"), ("DELETE", "/api/files/1"), ("GET", "/api/tables")):
            answer = self.ask(method, path)
            if answer.status not in HIDDEN | LATER:
                self.broken.append(f"{self.name}: {method} {path} was answered {answer.status}")
        return "reached too far"

    def end(self) -> Iterator[str]:
        """With its token it is nobody any more."""
        revoke_token(token_id=self.token_id)
        answer = self.ask("GET", "/api/files?mine=true")
        if answer.status != 401:
            yield f"a revoked token was answered {answer.status}"


def kept_promises(sent: Sent) -> Iterator[str]:
    """What the site said that it has is there, and what it said is withdrawn is gone; each sentence is one broken."""
    states = dict(UploadedFile.objects.filter(name__in=sent.taken).values_list("name", "state"))
    yield from (f"{name} was taken and is not there" for name in sent.taken if name not in states)
    unfinished = {FileState.RECEIVING, FileState.FAILED}
    yield from (f"{name} was taken and is {states[name]}" for name in states if states[name] in unfinished)
    yield from (
        f"{name} was withdrawn and is {states[name]}" for name in sent.withdrawn if states[name] != FileState.DELETED
    )


def _path(address: str) -> str:
    return address if address.startswith("/") else "/" + address.split("/", 3)[3]
