"""What every ASGI app of ours says: the types of the wire, and where uploads are mounted."""

import socket
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Protocol

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type ASGIApp = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
TUS_MOUNT = "/files"
"""Where resumable uploads are answered, below the root of the site."""
BODY_SOCKET = "uploads.body_socket"
"""Among a scope's extensions: a function without parameters that gives a ``BodySocket``, or ``None`` where this body
has none. A server that is not ours doesn't have it, and sends all of a body as messages."""

STOPPING = "uploads.stopping"
"""Among a scope's extensions: a function without parameters that gives an event, which is set when the server stops:
what would go on for ever is to end then."""


def path_of(scope: Scope) -> str:
    """The path of a request below where the site is mounted (``uvicorn --root-path``), as Django's ``path_info``."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def first_part(scope: Scope) -> str:
    """Of that path, by which it is told whose request it is."""
    return path_of(scope).lstrip("/").partition("/")[0]


class BodySocket(Protocol):
    """The rest of a body of a known length, taken from the socket by whoever asked for it and by nobody else."""

    before: bytes
    """What the server had read already, and no message has told of."""
    left: int
    """Bytes that follow it, on the socket; behind them another request may stand."""
    socket: socket.socket
    """Of its own, to the same connection; it doesn't block."""

    def give_back(self, *, taken: int) -> None:
        """Close it, and have the server go on behind the ``taken`` bytes."""

    def hang_up(self) -> None:
        """Close it and the connection, which broke."""
