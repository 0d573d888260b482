"""``manage.py news_subscriptions``: see and say who is told of files, by webhook or mail."""

import json
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.news import managing
from uploads.services.news.holding import resume_news
from uploads.services.news.managing import SubscriptionFacts, SubscriptionWish
from uploads.services.news.rights import manages_news
from uploads.services.news.subscriptions import CHOICES
from uploads.tabular.errors import BadOption
from uploads.web.news.sentences import resumed_sentence, subscription_sentence

ALL = "all"
ACTS = ("delete", "test", "new_secret", "resume")


class Command(OperatorCommand):
    help = f"""\
Show the addresses that are told of files; subscribe another one for a person, whose rights it has; change one, switch
it off and on, send it a test, or delete it with its log. An address with “://” is a webhook, whose secret is shown
once; ana@example.org gets mail. What was sent shows news_sent.

events: {", ".join(CHOICES)}

examples:
  manage.py news_subscriptions
  manage.py news_subscriptions --add https://example.org/hook --user ana --event file.failed file.activated
  manage.py news_subscriptions 3 --dataset prices --event all
  manage.py news_subscriptions 3 4 --off
  manage.py news_subscriptions 3 --test
  manage.py news_subscriptions --resume      after manage.py restore, where this site takes the place of the other

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="numbers of subscriptions; none: all")
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--add", metavar="ADDRESS", help="subscribe this address")
        acts.add_argument("--address", help="tell this address instead")
        acts.add_argument("--delete", action="store_true", help="delete them, with the log of what they sent")
        acts.add_argument("--test", action="store_true", help="have a worker send a test")
        acts.add_argument("--new-secret", action="store_true", help="sign with another secret from now on")
        acts.add_argument("--resume", action="store_true", help="send again all that a restored site holds")
        parser.add_argument("--user", help="with --add: the account whose rights it has")
        parser.add_argument(
            "--event",
            nargs="+",
            action="extend",
            choices=[*map(str, CHOICES), ALL],
            metavar="EVENT",
            help="what is told; several may be (with --add, unless said: all)",
        )
        parser.add_argument("--dataset", metavar="SLUG", help=f"of the files of this dataset alone, or {ALL}")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_true", default=None, dest="is_on", help="send again")
        switch.add_argument("--off", action="store_false", default=None, dest="is_on", help="send nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        wish = _wish_of(said)
        with refusing(wrong=BadOption):
            _check_usage(ids, wish, said)
            if said["resume"]:
                self._resume(as_json=said["json"])
                return
            if said["add"] is not None:
                shown = [managing.make_subscription(wish=wish, owner_id=_owner(said["user"]))]
            else:
                for number in ids:  # all that are named, before anything is changed
                    managing.find_subscription(subscription_id=number)
                shown = [self._act(number, wish, said) for number in dict.fromkeys(ids)]
                shown = shown or list(managing.list_subscriptions())
        self._print(shown, said)

    def _resume(self, *, as_json: bool) -> None:
        held = resume_news()
        if as_json:
            self.stdout.write(json.dumps({"resumed": asdict(held)}))
        else:
            self.stdout.write(resumed_sentence(held) if held else "Nothing was held.")

    def _act(self, number: int, wish: SubscriptionWish, said: dict[str, Any]) -> SubscriptionFacts:
        if said["delete"]:
            return managing.delete_subscription(subscription_id=number)
        if said["new_secret"]:
            return managing.new_secret_of(subscription_id=number)
        if said["test"]:
            managing.try_subscription(subscription_id=number)
        elif wish.says_something:
            return managing.change_subscription(subscription_id=number, wish=wish)
        return managing.find_subscription(subscription_id=number)

    def _print(self, shown: list[SubscriptionFacts], said: dict[str, Any]) -> None:
        if said["json"]:
            self.stdout.write(json.dumps({"subscriptions": [_as_json(each) for each in shown]}, ensure_ascii=False))
            return
        if not shown:
            self.stderr.write("Nobody is told of files yet: manage.py news_subscriptions --add ADDRESS --user NAME")
        for each in shown:
            after = " It is deleted." if said["delete"] else " A test is on its way: manage.py news_sent" * said["test"]
            self.stdout.write(f"{subscription_sentence(each)}{after}")
            if each.secret is not None:
                self.stdout.write(self.style.SUCCESS(f"  Its secret, shown only now: {each.secret}"))


def _wish_of(said: dict[str, Any]) -> SubscriptionWish:
    events, dataset = said["event"], said["dataset"]
    return SubscriptionWish(
        target=said["address"] if said["add"] is None else said["add"],
        events=None if events is None else CHOICES if ALL in events else events,
        dataset=... if dataset is None else None if dataset == ALL else dataset,
        is_on=said["is_on"],
    )


def _check_usage(ids: list[int], wish: SubscriptionWish, said: dict[str, Any]) -> None:
    """Raise ``BadOption`` for what argparse does not see."""
    acts = [f"--{name.replace('_', '-')}" for name in ACTS if said[name]]
    if said["add"] is not None and ids:
        raise BadOption("A new subscription has no number yet.", hint="Say --add without one.")
    if (said["add"] is None) != (said["user"] is None):
        raise BadOption("--add ADDRESS and --user NAME go together.", hint="It tells what this person may see.")
    if said["resume"] and ids:
        raise BadOption("--resume is about all that is held.", hint="Say it without numbers, or --on with them.")
    if said["add"] is None and not ids and not said["resume"] and (acts or wish.says_something):
        raise BadOption("It is not said which subscription is meant.", hint="Name its number, or say --add ADDRESS.")
    if acts and wish.says_something:
        raise BadOption(f"{acts[0]} changes nothing else.", hint="Say it alone.")


def _owner(name: str) -> int:
    person = get_user_model().objects.filter(username=name).first()
    if person is None or not manages_news(person):
        raise BadOption(
            f"“{name}” is no account that may manage news.",
            hint="It takes staff status and the permissions manage_newssubscription and view_uploadedfile.",
        )
    return int(person.pk)


def _as_json(subscription: SubscriptionFacts) -> dict[str, Any]:
    from uploads.web.news.schemas import Subscription  # noqa: PLC0415 - it loads pydantic

    return Subscription.from_orm(subscription).model_dump(mode="json")
