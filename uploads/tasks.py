"""The jobs that workers do. A job is a nudge: what is to be done, and whether, the file's row says.

Every process imports this module to know the jobs by name; what they need is imported where they are done.
"""

# ruff: noqa: PLC0415

from procrastinate import JobContext
from procrastinate.contrib.django import app

from uploads.services.queueing import (
    CHANGE_TASK,
    EXPORT_TASK,
    INDEX_TASK,
    LOAD_TASK,
    PROFILE_TASK,
    RESET_TASK,
    SEND_NEWS_TASK,
    SPREAD_NEWS_TASK,
)


@app.task(name=LOAD_TASK, pass_context=True)
def load_file(context: JobContext, *, file_id: int) -> None:
    """Load a file that waits; nothing happens when another worker was faster."""
    from uploads.services.loading import attempt
    from uploads.services.loading.reader import reader

    attempt.load_file(file_id=file_id, reader=reader, hooks=attempt.LoadHooks(should_stop=context.should_abort))


@app.task(name=CHANGE_TASK)
def change_columns(*, dataset_id: int) -> None:
    """Make the change of columns that somebody asked for; nothing happens when it is made already."""
    from uploads.services.columns.background import make_change

    make_change(dataset_id=dataset_id)


@app.task(name=INDEX_TASK)
def index_columns(*, dataset_id: int) -> None:
    """Make the indexes that readers are to have; nothing happens when they are there already."""
    from uploads.services.reading.indexes import make_indexes

    make_indexes(dataset_id=dataset_id)


@app.task(name=PROFILE_TASK)
def profile_loads() -> None:
    """Make the profiles of loads that have none; nothing happens when they are there already."""
    from uploads.services.reading.profiles import make_profiles

    make_profiles()


@app.task(name=EXPORT_TASK, pass_context=True)
def prepare_export(context: JobContext, *, export_id: int) -> None:
    """Write the file of an export that waits; nothing happens when another worker was faster."""
    from uploads.services.preparing.making import make_export

    make_export(export_id=export_id, should_stop=context.should_abort)


@app.task(name=SPREAD_NEWS_TASK)
def spread_news(*, file_id: int) -> None:
    """Find out who wants to hear what happened to a file; nothing happens when they are known already."""
    from uploads.services.news import spreading

    spreading.spread_news(file_id=file_id)


@app.task(name=SEND_NEWS_TASK)
def send_news(*, delivery_id: int) -> None:
    """Send one piece of news to one address; nothing happens when another worker was faster."""
    from uploads.services.news import sending
    from uploads.web.news.letters import COMPOSERS

    sending.send_news(delivery_id=delivery_id, composers=COMPOSERS)


@app.task(name=RESET_TASK)
def send_reset_link(*, address: str, site: str) -> None:
    """Send whoever has this address the link that resets a password; nothing happens where nobody has it."""
    from uploads.web.sign_in import reset_mail

    reset_mail.send_reset_link(address=address, site=site)
