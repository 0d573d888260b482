"""Django database engine: PostgreSQL, on the embedded server, which it starts at the first connection."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from uploader_project.embedded.sharing import use_server


class DatabaseWrapper(base.DatabaseWrapper):
    """``NAME`` may differ from the server's own database: tests make theirs beside it."""

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; Procrastinate asks here too."""
        folder = Path(self.settings_dict["FOLDER"])
        server = use_server(folder, durable=self.settings_dict["DURABLE"])
        params: dict[str, Any] = super().get_connection_params()
        params |= {key: value for key, value in server.conninfo().items() if key != "dbname"}
        return params
