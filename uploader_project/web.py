"""The web server: uvicorn, with our log format and limits. ``python -m uploader_project.web [--host 0.0.0.0]``."""

import argparse
import os
import resource

import django
import uvicorn

from uploader_project.connections import TimedConnection
from uploads.tabular.sandbox.guards import hide_process

STOP_SECONDS = 5
"""How long answers that are under way may take after SIGTERM; a cut upload resumes by itself."""


def serve(*, host: str, port: int) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    django.setup()  # sets up the logs; uvicorn is told to leave them alone
    hide_process()
    open_many_files()
    uvicorn.run(
        "uploader_project.asgi:application",
        host=host,
        port=port,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        http=TimedConnection,
        ws="none",
    )


def open_many_files() -> None:
    """Take all descriptors that the system grants: each open connection is one, and many systems begin with 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Serve the web application.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    options = parser.parse_args(arguments)
    serve(host=options.host, port=options.port)


if __name__ == "__main__":
    main()
