"""Django's own record of who did what: the admin shows it as *Recent actions* and as the *History* of an object.

Ours (``FileEvent``) has every state of a file, also those that no person brought about; here stand the acts of people
who were signed in, on files and on datasets.
"""

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

__all__ = ["ADDITION", "CHANGE", "DELETION", "acts_on", "forget_acts", "forget_words", "log_act"]


def log_act(*, user_id: int | None, to: Model, words: str, flag: int = CHANGE) -> None:
    """Note an act in the caller's transaction; nothing for what nobody signed in did, as on the command line.

    ``words`` begin a sentence or end one: ``deactivated``.
    """
    if user_id is not None:
        sentence = f"{words[:1].upper()}{words[1:]}.".replace("..", ".")
        LogEntry.objects.log_actions(user_id, [to], flag, sentence)


def forget_acts(*, to: Model) -> None:
    """Forget what was done to something that is taken back: the words may name its columns."""
    acts_on(to).delete()


def forget_words(*, to: Model) -> None:
    """Keep who changed something that is deleted, and when, and not the words of it."""
    acts_on(to).filter(action_flag=CHANGE).update(change_message="")


def acts_on(to: Model) -> QuerySet[LogEntry]:
    """What people who were signed in did to it."""
    kind = ContentType.objects.get_for_model(to)
    return LogEntry.objects.filter(content_type=kind, object_id=str(to.pk))
