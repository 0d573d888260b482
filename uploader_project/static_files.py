"""WhiteNoise for an asynchronous server: it comes without that, and would bend every request through a thread."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Answers whatever lies under ``/static/``, from memory-sized files."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        found = self._found(request)
        if found is None:
            return self.get_response(request)
        if iscoroutinefunction(self):
            return _as_awaitable(found)
        return found

    def _found(self, request: HttpRequest) -> HttpResponse | None:
        find = self.find_file if self.autorefresh else self.files.get
        static_file = find(request.path_info)
        return static_file and self.serve(static_file, request)

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Read the file whole (ours are under 200 KB): Django cannot stream an open file to an asynchronous server."""
        answer = static_file.get_response(request.method, request.META)
        body = b""
        if answer.file is not None:
            with answer.file as opened:
                body = opened.read()
        response = HttpResponse(body, status=int(answer.status))
        del response["Content-Type"]
        for key, value in answer.headers:
            response[key] = value
        return response


async def _as_awaitable(response: HttpResponse) -> HttpResponse:
    return response
