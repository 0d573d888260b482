"""The states of an uploaded file, their words, and the only moves between them.

A label stands in sentences, lists and the history; a ``badge`` stands alone beside a file on a page.
"""

from django.db import models


class FileState(models.TextChoices):
    """Where a file stands. The values are stored, shown by ``--json`` and never renamed."""

    RECEIVING = "receiving", "uploading"
    DUPLICATE = "duplicate", "already here"
    WAITING = "waiting", "waiting"
    LOADING = "loading", "loading"
    LOADED = "loaded", "loaded, not active"
    ACTIVE = "active", "active"
    FAILED = "failed", "failed"
    DELETED = "deleted", "deleted"

    @property
    def badge(self) -> str:
        """Short, for the rows that are loaded stand next to it."""
        return "Off" if self is FileState.LOADED else self.label.capitalize()

    def badge_for(
        self,
        *,
        awaits_review: bool = False,
        review: "Review | str" = "",
        is_asked: bool = False,
        is_withdrawn: bool = False,
    ) -> str:
        """The same of one file: staff have to look at what a visitor sent, before its rows are seen; of another one
        somebody has to say how it joins, or what becomes of its columns; one that is gone its sender took back."""
        if self is not FileState.LOADED:
            return "Withdrawn" if is_withdrawn else self.badge
        match review:
            case Review.DECLINED:
                return "Declined"
            case Review.ASKED:
                return "Waiting for an answer"
        if awaits_review or review:
            return "Waiting for review"
        return "Needs an answer" if is_asked else self.badge


class Phase(models.TextChoices):
    """What a worker is doing with a file that is ``loading``."""

    NONE = "", "–"
    CHECKING = "checking", "checking"
    LOADING = "loading", "loading"
    PUBLISHING = "publishing", "publishing"

    @property
    def badge(self) -> str:
        return self.label.capitalize()


class Review(models.TextChoices):
    """What staff said about a file that waits for them. The values are stored, and shown by ``--json``."""

    NONE = "", "–"
    ASKED = "asked", "asked, waiting for its sender"
    ANSWERED = "answered", "answered by its sender"
    DECLINED = "declined", "declined"
    TAKEN_UP = "taken_up", "taken up again"
    """It waits again: it was declined, a question was withdrawn, or its activation was undone."""


class Mode(models.TextChoices):
    """How a file joins the other active files of its dataset. The values are stored, and shown by ``--json``."""

    APPEND = "append", "add all rows"
    REPLACE = "replace", "replace the whole table"
    MERGE = "merge", "update by key"


class Kept(models.TextChoices):
    """What becomes of a value where a later file that merges has none for it. The values are stored, and shown by
    ``--json``."""

    REPLACE = "replace", "is emptied"
    KEEP = "keep", "keeps its old value"


class Strictness(models.TextChoices):
    """What becomes of a file whose columns are not quite those of a dataset. The values are stored."""

    GROW = "grow", "new columns are added"
    ASK = "ask", "somebody is asked"
    EXACT = "exact", "the columns must be the same"


class Guard(models.TextChoices):
    """What a dataset may have a file wait for a person for, which would become active by itself. The values are stored
    with the file, and shown by ``--json``."""

    FEWER_ROWS = "fewer_rows", "fewer rows"
    CHANGED = "changed", "changed rows"
    COLUMN_GONE = "column_gone", "a column is gone"
    NOT_MEASURED = "not_measured", "not measured in time"
    """How much changes could not be told in time: nobody knows that it is little."""


class IndexKind(models.TextChoices):
    """What an index for readers makes quick. The values are stored, and shown by ``--json``."""

    ORDER = "order", "sorting and filtering"
    SEARCH = "search", "searching within texts"


class Writer(models.TextChoices):
    """A way into the table, with the same result. The values are stored, and said by API, forms and commands."""

    COPY = "copy", "copy"
    BULK_CREATE = "bulk_create", "bulk_create"


class Visibility(models.TextChoices):
    """Who reads a dataset, beside staff who may see all files. The values are stored, said by the setting, typed, and
    shown by the API."""

    PUBLIC = "public", "everybody"
    SIGNED_IN = "signed_in", "people who are signed in"
    GROUPS = "groups", "people in some groups"


class SavedKind(models.TextChoices):
    """What a saved view shows. The values are stored, and shown by the API."""

    ROWS = "rows", "rows"
    CHART = "chart", "chart"


class ExportState(models.TextChoices):
    """Where an export stands that is prepared in the background. The values are stored, and shown by the API."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "being prepared"
    READY = "ready", "ready"
    FAILED = "failed", "failed"
    ENDED = "ended", "ended"
    """Its bytes are gone: its time was over, or rows of it were taken back."""
    CANCELLED = "cancelled", "cancelled"
    """Whoever asked for it, or staff, had it stopped before it was ready."""


class EndReason(models.TextChoices):
    """Why an export ended. The values are stored, as the code of what became of it."""

    TIME_OVER = "time_over", "its time was over"
    TAKEN_BACK = "rows_taken_back", "rows in it were taken back"
    RESTORED = "site_restored", "a backup of the site was restored"


class NewsEvent(models.TextChoices):
    """What is told of a file to those who asked for it. The values are stored, and sent as the ``type`` of webhooks."""

    LOADED = "file.loaded", "is loaded"
    REJECTED = "file.rows_rejected", "has rejected rows"
    WAITING = "file.waiting_for_review", "waits for review, or for an answer"
    ASKED = "file.asked", "is asked about by staff"
    ACTIVATED = "file.activated", "is activated"
    DECLINED = "file.declined", "is declined"
    FAILED = "file.failed", "cannot be loaded"
    DUPLICATE = "file.duplicate", "is here already"
    TEST = "test", "a test"


class NewsWay(models.TextChoices):
    """By what news go out. The values are stored."""

    WEBHOOK = "webhook", "webhook"
    MAIL = "mail", "mail"


class DeliveryState(models.TextChoices):
    """Where one piece of news stands on its way to one address. The values are stored."""

    WAITING = "waiting", "on its way"
    SENT = "sent", "sent"
    GIVEN_UP = "given_up", "given up"


class DashboardAct(models.TextChoices):
    """What staff do with a saved view on a dashboard. The values are those of the form."""

    ADD = "add", "Add"
    EARLIER = "earlier", "Earlier"
    LATER = "later", "Later"
    WIDE = "wide", "Wide"
    NARROW = "narrow", "Narrow"
    REMOVE = "remove", "Remove"


MOVES: dict[FileState, frozenset[FileState]] = {
    FileState.RECEIVING: frozenset({FileState.WAITING, FileState.DUPLICATE, FileState.FAILED, FileState.DELETED}),
    # its bytes are those of a file that is loaded: nothing is spent on it until a person asks for it
    FileState.DUPLICATE: frozenset({FileState.WAITING, FileState.DELETED}),
    # already here: equal bytes that arrived at the same moment were loaded first
    FileState.WAITING: frozenset({FileState.LOADING, FileState.DUPLICATE, FileState.FAILED, FileState.DELETED}),
    # back to waiting: a worker that stops, or was lost, hands its file back
    FileState.LOADING: frozenset({FileState.LOADED, FileState.FAILED, FileState.WAITING, FileState.DELETED}),
    FileState.LOADED: frozenset({FileState.ACTIVE, FileState.WAITING, FileState.DELETED}),
    FileState.ACTIVE: frozenset({FileState.LOADED, FileState.DELETED}),
    FileState.FAILED: frozenset({FileState.WAITING, FileState.DELETED}),
    FileState.DELETED: frozenset(),
}

HAS_DATA = frozenset({FileState.LOADED, FileState.ACTIVE})
IN_PROGRESS = frozenset({FileState.RECEIVING, FileState.WAITING, FileState.LOADING})


def sources(target: FileState) -> frozenset[FileState]:
    """The states from which ``target`` may be reached."""
    return frozenset(state for state, targets in MOVES.items() if target in targets)
