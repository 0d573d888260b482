"""What a service can refuse, besides what the domain finds wrong with a file."""

from collections.abc import Iterable

from uploads.tabular.errors import UploaderError


class FileNotFound(UploaderError):
    """There is no such file, or it isn't this person's to see."""

    code = "file_not_found"


class LineNotFound(UploaderError):
    """The file has fewer lines, or what it is has none."""

    code = "line_not_found"


class LinesUnread(UploaderError):
    """More of the file has to be read to reach the line than is read at once, or others are being read."""

    code = "lines_unread"


class DatasetNotFound(UploaderError):
    """There is no dataset of this name."""

    code = "dataset_not_found"


class ViewNotFound(UploaderError):
    """The dataset has no saved view of this name."""

    code = "view_not_found"


class ExportNotFound(UploaderError):
    """No export has this link, or it isn't this person's to see."""

    code = "export_not_found"


class ExportNotReady(UploaderError):
    """The export is still being prepared, or could not be."""

    code = "export_not_ready"


class ExportEnded(UploaderError):
    """The link of the export has ended."""

    code = "export_ended"


class TooManyExports(UploaderError):
    """One caller, or all together, have as many exports prepared as they may."""

    code = "too_many_exports"
    seconds = 60


class ExportStopped(UploaderError):
    """The worker was asked to stop; the export goes back to the queue."""

    code = "export_stopped"


class StateConflict(UploaderError):
    """The file is in a state from which this act is not possible, or another act came first."""

    code = "state_conflict"


class CannotCompare(UploaderError):
    """Two files have nothing in common to compare, or are one."""

    code = "cannot_compare"


class TooManyActiveFiles(UploaderError):
    """Planning a query slows with every partition; past the cap it fails."""

    code = "too_many_active_files"


class NotAllowed(UploaderError):
    """This person may not do this."""

    code = "not_allowed"


class NotSignedIn(NotAllowed):
    """Nobody is signed in, and this is for staff."""

    code = "not_signed_in"


class WrongToken(NotAllowed):
    """The token of a program is none of ours, has ended or was revoked, or its person's account is closed."""

    code = "wrong_token"


class MissingScope(NotAllowed):
    """A token was not made for this."""

    code = "missing_scope"

    def __init__(self, message: str, *, hint: str = "", scope: str = "") -> None:
        super().__init__(message, hint=hint)
        self.scope = scope
        """What it lacks, in the words of the table of scopes."""


class TokenNotFound(UploaderError):
    """There is no such token, or it isn't this person's to see."""

    code = "token_not_found"


class SubscriptionNotFound(UploaderError):
    """There is no such subscription to news."""

    code = "subscription_not_found"


class NewsNotFound(UploaderError):
    """There is no such piece of news in the log, or no more: it is kept for a month."""

    code = "news_not_found"


class FileTooLarge(UploaderError):
    """More bytes than a file may have."""

    code = "file_too_large"


class BodyTooLarge(UploaderError):
    """More bytes than a request without files may have."""

    code = "body_too_large"


class LeaseLost(UploaderError):
    """Another attempt, or a person, has taken over while this one was away."""

    code = "lease_lost"


class LoadStopped(UploaderError):
    """The worker was asked to stop; the file goes back to the queue."""

    code = "load_stopped"


class NeedsFitting(UploaderError):
    """The file was typed before its dataset was there: it has to be read again with the types of the dataset."""

    code = "needs_fitting"


class ColumnsUndecided(UploaderError):
    """Most columns of a file are those of a dataset, and nobody has said what becomes of the others."""

    code = "columns_undecided"


class DatasetChanged(UploaderError):
    """The dataset that a table was about to join was removed or took other types; another try chooses anew."""

    code = "dataset_changed"


class DatasetBusy(UploaderError):
    """Files are being loaded into the dataset, or its columns are being changed."""

    code = "dataset_busy"


class CannotRetype(UploaderError):
    """A value of the column is not of the type that is wanted, or can be read as it in two ways."""

    code = "cannot_retype"


class KeyNotUnique(UploaderError):
    """Rows of an active file have no value in a column of the key, or that of another row."""

    code = "key_not_unique"


class JoinUndecided(StateConflict):
    """Rows of a file are there already, and nobody has said how it joins them."""

    code = "join_undecided"


class ModeDecided(StateConflict):
    """Somebody else said how files join the dataset while this was answered, and said something else."""

    code = "mode_decided"


class ForecastChanged(ModeDecided):
    """What activating a file does is something else by now than whoever clicked has seen."""

    code = "forecast_changed"


class ReachesFurther(UploaderError):
    """A file that another one would replace has rows in further datasets, which would go with them."""

    code = "reaches_further"


class ViewExists(StateConflict):
    """The dataset has a saved view of this name already, or as many as it may have."""

    code = "view_exists"


class ReadOnlyDataset(StateConflict):
    """The dataset shows a table or view of the database as it is: no file joins it, and nothing here changes it."""

    code = "read_only_dataset"


class CannotPublish(UploaderError):
    """The table or view is not one that everybody may be shown."""

    code = "cannot_publish"


class CannotAdopt(UploaderError):
    """Something hangs on the table, or is made in a way, that a dataset's table cannot have."""

    code = "cannot_adopt"


class CannotRelease(UploaderError):
    """The dataset is more than the table that it was."""

    code = "cannot_release"


class NoRowFits(UploaderError):
    """Every row was rejected."""

    code = "no_row_fits"


class UploadGone(UploaderError):
    """The upload was ended before its last byte: by its sender, by time, or because its bytes were lost."""

    code = "upload_gone"


class TooManyUploads(UploaderError):
    """A quota, of one address or of all, is used up."""

    code = "too_many_uploads"

    def __init__(self, message: str, *, hint: str = "", seconds: int = 60, is_full: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds
        """Until it is worth while to try again."""
        self.is_full = is_full
        """Whether no other address would be let in either."""


class TooManySignIns(UploaderError):
    """Too many wrong passwords, of one sender or for one account."""

    code = "too_many_sign_ins"

    def __init__(self, message: str, *, hint: str = "", seconds: int = 1) -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds
        """Until the next one may be tried."""


class SignInsBusy(UploaderError):
    """As many passwords as may be are being tried, and as many wait."""

    code = "sign_ins_busy"


class SignInUnfinished(UploaderError):
    """Somebody came back from the provider without what it takes: no consent, too late, or in another browser."""

    code = "sign_in_unfinished"


class SignInRefused(UploaderError):
    """The provider says who it is, and this site has no account for that person."""

    code = "sign_in_refused"


class ProviderAway(UploaderError):
    """The provider does not answer, or not in a way that can be believed."""

    code = "provider_away"


class UnknownParameter(UploaderError):
    """The address does not know a parameter, or a field of the body; to ignore it would answer another question."""

    code = "unknown_parameter"

    def __init__(self, message: str, *, hint: str = "", names: Iterable[str] = ()) -> None:
        super().__init__(message, hint=hint)
        self.names = tuple(names)
        self.way_back = ""
        """The same address without them; empty where there is no page to go back to."""


class RepeatedParameter(UnknownParameter):
    """It came twice, and only one value can hold."""

    code = "repeated_parameter"


class BadParameter(UnknownParameter):
    """What a parameter says means nothing there: no value of the column, no operator of its type."""

    code = "bad_parameter"

    def __init__(
        self, message: str, *, hint: str = "", names: Iterable[str] = (), value: str = "", example: str = ""
    ) -> None:
        super().__init__(message, hint=hint, names=names)
        self.value = value
        """What is no value of the column; empty where something else is wrong."""
        self.example = example
        """What would be one, in words."""
