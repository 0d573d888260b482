"""The web application: uploads by tus go to their own small app, everything else to Django."""

import os
from typing import cast

import django

from uploads.web.asgi import ASGIApp, Receive, Scope, Send, first_part
from uploads.web.request_id import with_reference

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 (Django had to be set up first)

from uploader_project.one_thread import OneThreadHandler  # noqa: E402
from uploader_project.web import PROBES_AT_ONCE  # noqa: E402
from uploads.tus.app import tus_app  # noqa: E402
from uploads.web.body_limit import with_body_limit  # noqa: E402
from uploads.web.cors import with_cors  # noqa: E402
from uploads.web.events.stream import with_events  # noqa: E402
from uploads.web.limits.first_visits import with_first_visits  # noqa: E402
from uploads.web.limits.turns import new_lines, with_turns  # noqa: E402

django_app = cast("ASGIApp", OneThreadHandler())
# Django reads a whole request into a spool file before any view runs: uploads would be written twice.
MOUNTS: dict[str, ASGIApp] = {"files": tus_app}
"""First part of the path → the app that answers it."""
# A stream of events holds no turn: it takes one for each question, as whoever polls does.
elsewhere = with_first_visits(
    with_events(with_body_limit(with_turns(django_app, new_lines(at_once=settings.REQUESTS_AT_ONCE))))
)
# Who watches the site must not stand in line with those who use it.
probed = with_body_limit(with_turns(django_app, new_lines(at_once=PROBES_AT_ONCE)))
PROBES = frozenset({"healthz", "metrics"})


async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    first = first_part(scope)
    await MOUNTS.get(first, probed if first in PROBES else elsewhere)(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Nothing to set up or tear down; answering keeps uvicorn from guessing."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = with_reference(with_cors(dispatch))
