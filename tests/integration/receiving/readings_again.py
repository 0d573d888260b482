"""A file read again, as the tests ask for it."""

from typing import Any

from uploads.models import UploadedFile
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender

Via = UploadedFile.Via


TABLE = "id;re,mark\n1;a,b\n2;c,d\n"


STAFF = Sender(is_staff=True)


VISITOR = Sender(visitor="somebody")


def again(
    file_id: int, reader: Sender = STAFF, dataset: str | None = None, via: Via = Via.COMMAND, **options: Any
) -> UploadedFile:
    wish = ReimportRequest(options=options, dataset=dataset)
    return reimport_file(file_id=file_id, wish=wish, reader=reader, via=via)


def state(file_id: int) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=file_id)
