"""The guards of a file's datasets, asked before it becomes active by itself."""

from collections.abc import Collection

from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.guard_measures import Measured, is_as_measured, measure_file
from uploads.services.merging.guards import GUARD_FIELDS, Guards, Tripped
from uploads.states import FileState

WAITS = "loaded, but not activated: a guard of its dataset has it wait for a person"
MOST_TRIES = 3
"""How often a file is measured anew because others became active meanwhile; then it waits for a person."""
NEVER_STILL = "loaded, but not activated: other files of its dataset were switched while its guards were asked"


class DatasetMoved(Exception):
    """Since a file was measured, others became active in its dataset or ceased to be."""


class Guarding:
    """What the guards say of one attempt at a file. Of datasets without guards nothing is asked."""

    def __init__(self, file: UploadedFile, datasets: Collection[Dataset]) -> None:
        self._file = file
        self._datasets = [dataset.pk for dataset in datasets]
        self._measured: tuple[Measured, ...] = ()

    @property
    def tripped(self) -> tuple[Tripped, ...]:
        return tuple(tripped for measured in self._measured for tripped in measured.tripped)

    def ask(self) -> str:
        """Measure the file; why it is not activated by itself, or empty.

        What a person wanted to take the place of certain files is measured no more: that was said of this very file.
        """
        self._measured = ()
        if not self._datasets or self._file.replaces:
            return ""
        datasets = Dataset.objects.filter(pk__in=self._datasets).order_by().only(*GUARD_FIELDS)
        if not any(map(Guards.of, datasets)):  # as it is said by now
            return ""
        versions = readings_of(self._file).filter(state=FileState.ACTIVE).exclude(pk=self._file.pk)
        self._measured = measure_file(file=self._file, instead_of=set(versions.values_list("pk", flat=True)))
        return WAITS if self.tripped else ""

    def check_still(self) -> None:
        """In the transaction in which it became active: raises ``DatasetMoved`` where that is no longer what was
        measured."""
        if not all(is_as_measured(each, file_id=self._file.pk) for each in self._measured):
            raise DatasetMoved
