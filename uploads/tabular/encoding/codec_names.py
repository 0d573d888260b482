"""Names of encodings, as people write them and as Python does."""

import codecs

from uploads.tabular.errors import BadOption


def known_codec(name: str) -> str:
    """Python's normal name for an encoding that a person named."""
    try:
        info = codecs.lookup(name.strip())
        is_ebcdic = "a".encode(info.name) == b"\x81"
    except (LookupError, ValueError, TypeError) as error:
        raise BadOption(
            f'"{name}" is not an encoding known here.', hint="Give a name such as utf-8, cp1252, utf-16 or shift_jis."
        ) from error
    if is_ebcdic:
        raise BadOption(
            f'"{name}" is an encoding of mainframes (EBCDIC), which is not read here.',
            hint=f"Convert the file, for example with iconv -f {info.name} -t UTF-8, and upload that.",
        )
    aliases = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    return aliases.get(info.name, info.name)
