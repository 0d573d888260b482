"""The jobs that workers do. A job is a nudge: what is to be done, and whether, the file's row says."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from uploads.services.columns.requests import make_change
from uploads.services.loading import attempt
from uploads.services.queueing import CHANGE_TASK, LOAD_TASK
from uploads.tabular.sandbox.client import WarmReader

reader = WarmReader()
"""One a process: started by the first file, or ahead of it by ``run_worker``."""


@app.task(name=LOAD_TASK, pass_context=True)
def load_file(context: JobContext, *, file_id: int) -> None:
    """Load a file that waits; nothing happens when another worker was faster."""
    attempt.load_file(file_id=file_id, reader=reader, hooks=attempt.LoadHooks(should_stop=context.should_abort))


@app.task(name=CHANGE_TASK)
def change_columns(*, dataset_id: int) -> None:
    """Make the change of columns that somebody asked for; nothing happens when it is made already."""
    make_change(dataset_id=dataset_id)
