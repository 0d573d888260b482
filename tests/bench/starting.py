"""Row 15: how soon a command has ended and a web server has answered, against a project of others' apps alone."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import HOST, PROJECT, Place, free_port

MUST = 1.5
RUNS = 7
"""A start takes a second; the machine's noise is a tenth of that."""

EMPTY = {
    "empty/__init__.py": "",
    "empty/settings.py": """
import environ

env = environ.Env()
SECRET_KEY = "of the benchmark"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = {apps!r}
MIDDLEWARE = {middleware!r}
ROOT_URLCONF = "empty.urls"
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}},
}}]
DATABASES = {{"default": env.db("DATABASE_URL")}}
USE_TZ = True
STATIC_URL = "static/"
""",
    "empty/urls.py": """
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import path
from ninja import NinjaAPI

api = NinjaAPI()


@api.get("/users")
def users(request) -> int:
    return User.objects.count()


urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("", lambda request: HttpResponse(str(User.objects.count()))),
]
""",
    "empty/asgi.py": """
from django.core.asgi import get_asgi_application

application = get_asgi_application()
""",
    "empty/management/__init__.py": "",
    "empty/management/commands/__init__.py": "",
    "empty/management/commands/list_users.py": """
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    requires_system_checks = []

    def handle(self, **options) -> None:
        self.stdout.write(str(User.objects.count()))
""",
}


def starting(place: Place, rows: int, times: int) -> list[Result]:
    """Processes from their start to their end, or to the first whole answer."""
    theirs = {
        **place.environment(),
        "DJANGO_SETTINGS_MODULE": "empty.settings",
        "PYTHONPATH": str(_empty(place.folder)),
    }
    ours = place.environment()
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # as `make run` does

    def command() -> float:
        return timed(lambda: _run([sys.executable, "manage.py", "list_files"], ours))

    def empty_command() -> float:
        return timed(lambda: _run([sys.executable, "-m", "django", "list_users"], theirs))

    def server() -> float:
        return _first_answer(["-m", "uploader_project.web", "--host", HOST], ours)

    def empty_server() -> float:
        return _first_answer(
            ["-m", "uvicorn", "empty.asgi:application", "--log-level", "error", "--host", HOST], theirs
        )

    results = []
    for work, mine, yardstick in (
        ("manage.py list_files", command, empty_command),
        ("web server, start to first answer", server, empty_server),
    ):
        mine()
        yardstick()  # both have their files in the cache
        runs, yardstick_runs = interleaved(max(times, RUNS), mine, yardstick)
        results.append(
            Result(
                row="15",
                work=work,
                unit="s",
                ours=median(runs),
                yardstick=median(yardstick_runs),
                against="a project of others' apps",
                must=MUST,
                runs=runs,
                yardstick_runs=yardstick_runs,
            )
        )
    return results


def _empty(folder: Path) -> Path:
    """A project with the apps and middleware that are not ours, and nothing of its own but a count of users."""
    apps = [
        "django.contrib.admin",
        *(app for app in settings.INSTALLED_APPS if app.startswith(("django.", "procrastinate"))),
    ]
    middleware = [name for name in settings.MIDDLEWARE if name.startswith("django.")]
    for name, text in EMPTY.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_settings = name == "empty/settings.py"
        path.write_text(text.format(apps=[*apps, "empty"], middleware=middleware) if is_settings else text)
    return folder


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)


def _first_answer(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds from the start of a server until it has answered ``GET /``."""
    port = free_port()
    process: subprocess.Popen[bytes] | None = None

    def answer() -> None:
        nonlocal process
        command = [sys.executable, *arguments, "--port", str(port)]
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=60) as page:
                    page.read()
            except urllib.error.URLError:
                continue
            return
        raise RuntimeError(f"{arguments} has ended before it answered")

    try:
        return timed(answer)
    finally:
        if process is not None:
            process.terminate()
            process.wait()
