"""What it means to say how a file, or the later files of a dataset, are read."""

from uploads.services.errors import BadParameter
from uploads.services.options.remembered import DatasetDefaults
from uploads.states import FileState
from uploads.web.sentences.phrases import Piece, Pieces, counted

OPEN_OPTIONS = "Leave blank to detect automatically."
UNLESS_GIVEN = "Options given with a file come first."
KEPT = "Kept as it is. “Wrong? Change how it was read…” stays open to you."
OF_DATASET = (
    "This holds for files that name the dataset; those that join it by their columns take the decimal mark and the "
    f"order of dates. {UNLESS_GIVEN}"
)


def filter_refused(error: BadParameter) -> str:
    """Beside the form, where the column's name and its comparison can be seen."""
    if error.example:
        return f"“{error.value}” is not {error.example}."
    return f"{error.message} {error.hint}".strip()


def reimport_consequence(*, state: FileState, rows: int, may_activate: bool, mended: int) -> Pieces:
    """What happens when a file is read again: to its rows, and to its rejected rows that were loaded after all."""
    pieces = [Piece(_fate(state=state, rows=rows, may_activate=may_activate))]
    if mended:
        pieces += [Piece(" "), Piece(_mends_lost(mended), is_strong=True)]
    return (*pieces, Piece(f" {OPEN_OPTIONS}"))


def _fate(*, state: FileState, rows: int, may_activate: bool) -> str:
    match state:
        case FileState.FAILED:
            return "The file is tried again as itself."
        case FileState.DUPLICATE:
            return "The file is loaded as itself, although the same file is here already."
        case FileState.ACTIVE:
            waits = "" if may_activate else "waits for staff to activate it, and then "
            return (
                f"Its {rows:,} rows stay visible. When the new reading is loaded, it {waits}takes their place in one "
                "moment; activating the old one undoes it."
            )
        case _:
            return (
                "The file stays as it is. The new reading becomes a file of its own, and of the two only one can be "
                "active."
            )


def _mends_lost(mended: int) -> str:
    one = mended == 1
    return (
        f"{counted(mended, 'rejected row')} of it {'was' if one else 'were'} fixed and loaded: the new version does "
        f"not keep {'this fix' if one else 'these fixes'}, so {'the row is' if one else 'the rows are'} rejected "
        f"again unless {'it fits' if one else 'they fit'} then."
    )


def given_so_far(defaults: DatasetDefaults) -> str:
    """The options of a dataset and where they come from; empty where none was given."""
    return f"Remembered from {defaults.sentence}." if defaults else ""


def dataset_defaults(defaults: DatasetDefaults) -> str:
    """How the files of a dataset are read, for those who look at it."""
    if not defaults:
        return "The format of each file is detected automatically."
    return f"Files that name this dataset are read in the format remembered from {defaults.sentence}. {UNLESS_GIVEN}"


def empty_dataset(*, is_draft: bool, is_read_only: bool = False) -> str:
    """Why a dataset's page shows no rows."""
    if is_read_only:
        return "It is empty in the database."
    if is_draft:
        return "Its file is not active yet. Until then only its sender and staff see this page."
    return "The dataset is there, and none of its files is active."
