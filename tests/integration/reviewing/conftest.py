"""Files that wait, as visitors send them."""

from collections.abc import Callable

import pytest

from tests.integration.conftest import Pipeline
from uploads.models import UploadedFile
from uploads.services.receiving.sender import Sender
from uploads.states import FileState

TABLE = "code;price\nA1;1\nB2;2\n"
type Send = Callable[..., int]


@pytest.fixture
def send(pipeline: Pipeline) -> Send:
    """Send a file as a visitor: it is loaded, and waits."""

    def sent(content: str = TABLE, *, visitor: str = "anna", name: str = "prices.csv") -> int:
        receipt = pipeline.load(
            content, name, via=UploadedFile.Via.FORM, activate=False, uploader=Sender(visitor=visitor)
        )
        assert receipt.state is FileState.LOADED
        return receipt.file_id

    return sent
