"""A secret key for machines where nobody set one: made once, kept in a file that only its owner reads."""

import os
import tempfile
from pathlib import Path
from secrets import token_urlsafe


def secret_key(path: Path) -> str:
    """Read the key, or make it; two processes that start together agree on one."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as fresh:
        fresh.write(token_urlsafe(50))
    try:
        os.link(name, path)  # fails where the other process was quicker
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    return path.read_text()
