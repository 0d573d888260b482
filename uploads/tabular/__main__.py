"""``python -m uploads.tabular FILE``: what is found in a file, without a database.

Ends with 0 when every table was read, 1 when the file cannot be read (the reason is on standard error), 2 on wrong
usage. The file is read in a child process under the limits of a load: a hostile one may kill its reader.
"""

import argparse
import os
import signal
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m uploads.tabular", description="Say what is found in a file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rows", type=int, default=5, metavar="N", help="first rows to show (5)")
    given = parser.parse_args()
    if not given.file.is_file():
        parser.error(f"{given.file} is not a file")
    if given.rows < 0:
        parser.error("--rows must be 0 or more")
    child = os.fork()
    if child == 0:
        os._exit(_read(given.file, as_json=given.json, head_rows=given.rows))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        sys.stderr.write(f"{given.file.name} killed the process that read it ({signal.Signals(-code).name}).\n")
    return 1 if code else 0


def _read(path: Path, *, as_json: bool, head_rows: int) -> int:
    """The child's half; the libraries begin threads, so they are imported behind the fork."""
    from uploads.tabular.inspection import show_file  # noqa: PLC0415
    from uploads.tabular.sandbox.limits import limit_process  # noqa: PLC0415
    from uploads.tabular.sandbox.messages import Bounds  # noqa: PLC0415

    limit_process(Bounds())
    try:
        return show_file(path, as_json=as_json, head_rows=head_rows)
    except MemoryError:
        sys.stderr.write(f"{path.name} needs more memory than a file may use.\n")
    except Exception:  # noqa: BLE001 - a child that was forked must not go on as its parent
        sys.excepthook(*sys.exc_info())
    return 1


if __name__ == "__main__":
    sys.exit(main())
