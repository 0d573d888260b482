"""Start a part of ``make run`` so that it ends with the supervisor, even if that is killed by `kill -9`.

The supervisor holds the other end of our standard input; when it closes, there is nobody left to serve.
"""

import os
import signal
import sys
import threading
import time

STOP_SECONDS = 10.0


def follow_parent() -> None:
    """Send ourselves SIGTERM once standard input ends, and leave for good if that does not help."""
    threading.Thread(target=_wait_for_end, name="parent watch", daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


def main() -> None:
    """``web`` or any command of ``manage.py``, with its arguments."""
    follow_parent()
    part, *arguments = sys.argv[1:]
    if part == "web":
        from uploader_project.web import main as serve  # noqa: PLC0415 (each part loads only what it needs)

        serve(arguments)
        return
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    execute_from_command_line(["manage.py", part, *arguments])


if __name__ == "__main__":
    main()
