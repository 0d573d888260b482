"""What the application remembers: datasets, files, loads, tokens, who did what. Rows live in the schema ``data``."""

from uploads.models.datasets import DRAFT_PREFIX, ColumnAlias, ColumnUse, Dataset, DatasetColumn, DatasetGroup
from uploads.models.exports import PreparedExport
from uploads.models.files import FileEvent, UploadedFile, new_token
from uploads.models.loads import ADOPTED_FORMAT, SOURCE_KEPT, Load, LoadProfile, RejectedRow
from uploads.models.news import FileNews, MailNote, NewsDelivery, NewsSubscription, SenderAddress
from uploads.models.parts import PartialUpload
from uploads.models.reviews import ReviewMessage
from uploads.models.saved import SavedView
from uploads.models.signing_in import PasswordFailure
from uploads.models.sources import FirstRows, KeptText, LineOffsets
from uploads.models.tokens import AccessToken
from uploads.models.workers import WorkerReport

__all__ = [
    "ADOPTED_FORMAT",
    "DRAFT_PREFIX",
    "SOURCE_KEPT",
    "AccessToken",
    "ColumnAlias",
    "ColumnUse",
    "Dataset",
    "DatasetColumn",
    "DatasetGroup",
    "FileEvent",
    "FileNews",
    "FirstRows",
    "KeptText",
    "LineOffsets",
    "Load",
    "LoadProfile",
    "MailNote",
    "NewsDelivery",
    "NewsSubscription",
    "PartialUpload",
    "PasswordFailure",
    "PreparedExport",
    "RejectedRow",
    "ReviewMessage",
    "SavedView",
    "SenderAddress",
    "UploadedFile",
    "WorkerReport",
    "new_token",
]
