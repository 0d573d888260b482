"""The web server: uvicorn, with our log format and limits. ``python -m uploader_project.web [--host 0.0.0.0]``."""

import argparse
import os
import resource

import django
import uvicorn
from django.conf import settings

from uploader_project.connections import TimedConnection
from uploader_project.session_pool import end_sessions, keep_sessions
from uploader_project.sound_settings import require_sound_settings
from uploads.tabular.sandbox.guards import hide_process

PROBES_AT_ONCE = 2
STOP_SECONDS = 5
"""How long answers that are under way may take after SIGTERM; a cut upload resumes by itself."""


def serve(*, host: str, port: int) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    require_sound_settings()
    django.setup()  # sets up the logs; uvicorn is told to leave them alone
    hide_process()
    open_many_files()
    keep_sessions(most=most_sessions())
    uvicorn.run(
        "uploader_project.asgi:application",
        host=host,
        port=port,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        http=TimedConnection,
        ws="none",
        forwarded_allow_ips=settings.FORWARDED_ALLOW_IPS,
    )
    end_sessions()


def most_sessions() -> int:
    """As many as there may be threads that need one, so that none waits: a request may have a second one watch over it,
    those who watch the site have places of their own, and so have uploads."""
    from uploads.tus.records import HAND_OVERS, JOINS  # noqa: PLC0415 - needs the set-up first
    from uploads.tus.threads import THREADS  # noqa: PLC0415 - as above
    from uploads.web.events.watch import WATCHERS  # noqa: PLC0415 - as above
    from uploads.web.limits.turns import STREAMS  # noqa: PLC0415 - as above

    at_once: int = settings.REQUESTS_AT_ONCE
    return 2 * (at_once + STREAMS) + PROBES_AT_ONCE + THREADS + JOINS + HAND_OVERS + WATCHERS


def open_many_files() -> None:
    """Take all descriptors that the system grants: each open connection is one, and many systems begin with 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Serve the web application.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")
    options = parser.parse_args(arguments)
    serve(host=options.host, port=options.port)


if __name__ == "__main__":
    main()
