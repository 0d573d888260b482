"""The queue's own rows: what a killed worker left in it is closed. ``sweep`` hands the files back."""

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

STALLED_SECONDS = 60.0
"""Workers say that they live every 10 s."""


def retire_stalled_jobs() -> int:
    """Mark jobs of lost workers as failed, so that none stays ``doing`` for ever; returns how many there were."""
    return async_to_sync(_retire)()


async def _retire() -> int:
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
    await app.job_manager.prune_stalled_workers(STALLED_SECONDS)
    return len(stalled)
