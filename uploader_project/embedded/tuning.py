"""The server's settings: a loader on a small machine that stays crash-safe."""

import os
from pathlib import Path

from uploader_project.embedded.server_home import ServerHome

MIB = 2**20


def settings_for(place: ServerHome, *, socket: Path, port: int) -> str:
    """Text of the configuration file that is included after PostgreSQL's own defaults."""
    settings = {
        "listen_addresses": place.network.host if place.network else "",
        "password_encryption": "scram-sha-256",
        "port": str(port),
        "unix_socket_directories": f'"{socket}"',
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_shared_buffers() // MIB}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        # There is no replica to feed. Loads are logged like any other write: COPY without a log needs a table that was
        # truncated in the same transaction, which two sessions that fill it together cannot share.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        # A query over a dataset of n partitions takes about 3n locks: 100 × 1,024 slots are 1,000s of files.
        "max_locks_per_transaction": "1024",
        # Compiling a plan over 1,000 partitions costs more than running it.
        "jit": "off",
        # Of a process that was killed the server would else finish the statement, minutes of moving rows that nobody
        # keeps, and hold the dataset so long.
        "client_connection_check_interval": "1s",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] ",
    }
    if not place.durable:
        # Nothing outlives a throw-away cluster; a killed server process still loses nothing.
        settings |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB", "max_wal_size": "1GB"}
    return "".join(f"{name} = '{_quoted(value)}'\n" for name, value in settings.items())


def _quoted(value: str) -> str:
    return value.replace("'", "''")


def _shared_buffers() -> int:
    """An eighth of the memory, 128 to 512 MiB: COPY gains nothing beyond, and readers and pandas need the rest."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 8, 128 * MIB), 512 * MIB)
