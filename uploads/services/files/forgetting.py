"""Forget what was read from a file that is deleted: nobody is to see it any more, not even who sees files."""

from uploads.models import FileEvent, FirstRows, KeptText, LineOffsets, Load, ReviewMessage, UploadedFile
from uploads.services.admin_log import forget_words
from uploads.services.files.history import read_again_as
from uploads.services.reading.profiles import forget_profiles


def forget_content(*, file_id: int) -> None:
    """Empty what tells of a file's cells, columns and words; its states, who brought them about and when stay.

    In the transaction that deletes it. Its history has to be emptied too: why a load failed is told with the value that
    stood in the way, how it was read again with the words that were said. The file of which it was a reading keeps
    that there was one.
    """
    FirstRows.objects.filter(load__file_id=file_id).delete()
    LineOffsets.objects.filter(load__file_id=file_id).delete()
    KeptText.objects.filter(load__file_id=file_id).delete()
    Load.objects.filter(file_id=file_id).update(columns=[], notes=[], applied_options=[], source="", origin="")
    forget_profiles(file_id=file_id)  # after the loads: one that is made right now waits for them, and is not kept
    UploadedFile.objects.filter(pk=file_id).update(options={}, dataset_wanted="", kept_readings=[])
    FileEvent.objects.filter(file_id=file_id).update(text="")
    ReviewMessage.objects.filter(file_id=file_id).delete()
    forget_words(to=UploadedFile(pk=file_id))
    FileEvent.objects.filter(about_id=file_id).update(text=read_again_as(file_id))
