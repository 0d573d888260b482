"""Bytes that cannot be decoded, kept visible in a text: each as a lone surrogate, U+DC00 plus the byte."""

import codecs

MARK_BYTES = "uploads.mark_bytes"
"""The name of the error handler, once this module is imported. Without numpy, for the web process decodes too."""


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(MARK_BYTES, _mark_bytes)
