"""What every ASGI app of ours says: the types of the wire, and where uploads are mounted."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
TUS_MOUNT = "/files"
"""Where resumable uploads are answered, below the root of the site."""
