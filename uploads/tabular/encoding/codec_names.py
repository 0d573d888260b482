"""Names of encodings, as people write them and as Python does."""

import codecs

from uploads.tabular.errors import BadOption


def known_codec(name: str) -> str:
    """Python's normal name for an encoding that a person named."""
    try:
        info = codecs.lookup(name.strip())
        "a".encode(info.name)
    except (LookupError, ValueError, TypeError) as error:
        raise BadOption(
            f'"{name}" is not an encoding known here.', hint="Give a name such as utf-8, cp1252, utf-16 or shift_jis."
        ) from error
    aliases = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    return aliases.get(info.name, info.name)
