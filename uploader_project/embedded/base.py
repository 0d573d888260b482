"""Django database engine: PostgreSQL, on the embedded server, which it starts at the first connection."""

import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base, client

from uploader_project.embedded.server_home import ServerError, find_home
from uploader_project.embedded.sharing import use_server


class ServerAway(OperationalError, ServerError):
    """The server cannot be started or reached, in the words that are caught of any other database."""


class DatabaseClient(client.DatabaseClient):
    """``manage.py dbshell`` without a PostgreSQL of the system: the embedded server and the psql that came with it."""

    def runshell(self, parameters: Iterable[str]) -> None:
        settings = self.connection.settings_dict
        place = find_home(Path(settings["FOLDER"]))
        server = use_server(
            Path(settings["FOLDER"]), durable=settings["DURABLE"], listen=settings.get("LISTEN", "")
        ).conninfo()
        reached = settings | {"HOST": server["host"], "PORT": server["port"], "USER": server["user"]}
        arguments, env = self.settings_to_cmd_args_env(reached, parameters)
        asked = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends a query, not the shell
        try:
            subprocess.run([place.program("psql"), *arguments[1:]], env={**os.environ, **(env or {})}, check=True)
        finally:
            signal.signal(signal.SIGINT, asked)


class DatabaseWrapper(base.DatabaseWrapper):
    """``NAME`` may differ from the server's own database: tests make theirs beside it."""

    client_class = DatabaseClient

    def own_folder(self) -> Path:
        """Where its files are. No other engine has this: the database is the program's own, to make and to migrate."""
        return find_home(Path(self.settings_dict["FOLDER"]), durable=self.settings_dict["DURABLE"]).home

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; Procrastinate asks here too."""
        folder = Path(self.settings_dict["FOLDER"])
        try:
            server = use_server(
                folder, durable=self.settings_dict["DURABLE"], listen=self.settings_dict.get("LISTEN", "")
            )
        except ServerError as error:
            raise ServerAway(str(error)) from error
        params: dict[str, Any] = super().get_connection_params()
        params |= {key: value for key, value in server.conninfo().items() if key != "dbname"}
        return params
