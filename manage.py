#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (settings must be named first)

    from uploader_project.sound_settings import require_sound_settings  # noqa: PLC0415 (as above)

    if not any(said.startswith("--settings") for said in sys.argv):  # else Django has yet to hear which are meant
        require_sound_settings()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
