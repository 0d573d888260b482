"""Answers that are sent while they are made."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse

from uploader_project.one_thread import OneThreadHandler


async def pieces() -> AsyncIterator[bytes]:
    yield b"code;price\n"
    raise OSError("the export had to give way")


async def take(message: dict[str, Any]) -> None:
    pass


def test_answer_whose_making_fails_on_the_way_is_closed_and_gives_its_session_back() -> None:
    response = StreamingHttpResponse(pieces())
    with pytest.raises(OSError, match="give way"):
        asyncio.run(OneThreadHandler().send_response(response, take))
    assert response.closed
