"""What the protocol can refuse: code, HTTP status and message of each, in one table."""

from enum import Enum

CHECKSUM_MISMATCH = 460
"""tus's own number; HTTP has no name for it."""


class Refusal(Enum):
    """Each value: stable code, HTTP status, what happened, the way out."""

    BAD_VERSION = ("bad_tus_version", 412, "This endpoint speaks tus 1.0.0.", "Send the header Tus-Resumable: 1.0.0.")
    BAD_HEADER = ("bad_header", 400, "A header cannot be used.", "See https://tus.io/protocols/resumable-upload.")
    BAD_LENGTH = ("bad_length", 400, "The upload was to have another length.", "Begin a new one by POST to /files/.")
    COMPLETED = ("completed_upload", 400, "The upload is whole already.", "Its receipt says what became of it.")
    BAD_ALGORITHM = ("bad_algorithm", 400, "This checksum algorithm is not known here.", "Use sha1, sha256 or md5.")
    BAD_HOST = ("bad_request", 400, "This site does not go by that name.", "Add the name to ALLOWED_HOSTS.")
    FINAL = ("final_upload", 403, "A final upload takes no bytes of its own.", "Send them to its parts.")
    NOT_FOUND = ("upload_not_found", 404, "There is no upload at this address.", "Begin a new one by POST to /files/.")
    BAD_METHOD = ("method_not_allowed", 405, "This method means nothing here.", "See the header Allow.")
    SLOW = ("too_slow", 408, "The bytes came too slowly.", "What arrived is kept: ask for the offset and go on.")
    BAD_OFFSET = ("bad_offset", 409, "The upload stands at another offset.", "Ask for the offset by HEAD.")
    RECEIVED = ("state_conflict", 409, "The upload is finished already.", "Staff can delete the file.")
    GONE = ("upload_gone", 410, "The upload was ended before its last byte.", "Begin a new one by POST to /files/.")
    TOO_LONG = ("body_too_long", 413, "More bytes were sent than the upload has left.", "Ask for the offset by HEAD.")
    BAD_TYPE = ("bad_content_type", 415, "The body must be application/offset+octet-stream.", "Set Content-Type.")
    LOCKED = ("upload_locked", 423, "Another request is sending bytes for this upload.", "Try again in a moment.")
    MISMATCH = ("checksum_mismatch", CHECKSUM_MISMATCH, "The bytes do not have that checksum.", "Send them again.")

    def __init__(self, code: str, status: int, message: str, hint: str) -> None:
        self.code = code
        self.status = status
        self.message = message
        self.hint = hint


class Refused(Exception):
    """The request ends with this answer."""

    def __init__(self, refusal: Refusal, message: str = "", **facts: int) -> None:
        """``facts``: the figures that the message has, for programs."""
        super().__init__(message or refusal.message)
        self.facts = facts
        self.refusal = refusal
        self.message = message or refusal.message


class Disconnected(Exception):
    """The connection broke in the middle of the body."""
