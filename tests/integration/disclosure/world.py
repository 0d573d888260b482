"""Files in every state that others must not see, each with a value, names and words that are found nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.services.datasets.rights import change_visibility
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.withdrawal import withdraw_file
from uploads.services.joining.columns import ColumnAnswer, keep_answer, plans_of
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import begin_upload
from uploads.states import FileState, Visibility

FIRST_ID = {"uploadedfile": 7_100_001, "dataset": 7_200_001, "load": 7_300_001, "rejectedrow": 7_400_001}
"""Numbers that stand for nothing else on a page."""
PUBLIC = "ledger"
"""The established dataset."""
OF_PUBLIC = "account;amount\nq;7\nr;8\n"
"""The file by which it lives on."""


class Kind(StrEnum):
    """What of a file must not be told."""

    VALUE = "value"
    REJECT = "reject"
    WORD = "word"
    COLUMN = "column"
    NAME = "name"
    WANTED = "wanted"
    NUMBER = "number"
    TOKEN = "token"
    HASH = "hash"


OF_CELLS = (Kind.VALUE, Kind.REJECT, Kind.WORD, Kind.COLUMN)
OF_GONE = frozenset({Kind.NAME, Kind.NUMBER, Kind.TOKEN, Kind.HASH})
"""What stays in the history of a file that is deleted."""
OF_WITHDRAWN = OF_GONE - {Kind.HASH}


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A planted file, with all that leads to it."""

    key: str
    sender: str
    state: str
    secrets: Mapping[Kind, str]
    file_id: int
    token: str
    load_ids: tuple[int, ...]
    reject_ids: tuple[int, ...]
    dataset_ids: tuple[int, ...]
    slugs: tuple[str, ...]
    kept: frozenset[Kind] = field(default=frozenset(Kind))
    """What may be told to those who see files."""
    is_public: bool = False
    """That its dataset is there may be known."""


@dataclass(frozen=True, kw_only=True)
class World:
    plants: tuple[Plant, ...]
    public: Plant
    """An active file of staff's, with nothing secret about it."""
    boss: User
    mara: User
    secrets: Mapping[str, tuple[tuple[Plant, Kind], ...]]
    """By the text that would give it away; twins share theirs."""


def word(kind: Kind, key: str) -> str:
    return f"{kind}of{key}x"


class Planting:
    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.boss = make_user("boss", is_superuser=True)
        self.mara = make_user("mara", is_staff=False)
        self.senders = {
            "anna": Sender(visitor="anna"),
            "cleo": Sender(visitor="cleo"),
            "mara": Sender(user_id=self.mara.pk, visitor="marasbrowser"),
            "boss": Sender(user_id=self.boss.pk, is_staff=True, may_activate=True),
        }
        self.plants: dict[str, Plant] = {}
        self.texts: dict[str, str] = {}

    def send(self, key: str, sender: str, text: str, *kinds: Kind, name: str = "", **wishes: Any) -> Plant:
        """Send and load a file; ``kinds`` are the words in its text, besides what every file has."""
        self.texts[key] = text
        name = name or f"{word(Kind.NAME, key)}.csv"
        wanted = str(wishes.get("dataset", ""))
        receipt = self.pipeline.load(
            text,
            name,
            **{
                "uploader": self.senders[sender],
                "activate": None,
                "again": False,
                "via": UploadedFile.Via.PAGE,
                **wishes,
            },
        )
        file = UploadedFile.objects.get(pk=receipt.file_id)
        told = {kind: word(kind, key) for kind in kinds}
        told |= {Kind.NUMBER: str(file.pk), Kind.TOKEN: file.token, Kind.HASH: file.sha256}
        if name.startswith(Kind.NAME):
            told[Kind.NAME] = word(Kind.NAME, key)
        if wanted.startswith(Kind.WANTED):
            told[Kind.WANTED] = wanted
        datasets = Dataset.objects.filter(loads__file=file).order_by("pk")
        slugs = {slug for dataset in datasets for slug in (dataset.slug, dataset.planned)} | {wanted}
        self.plants[key] = Plant(
            key=key,
            sender=sender,
            state=file.state,
            secrets=told,
            file_id=file.pk,
            token=file.token,
            load_ids=tuple(Load.objects.filter(file=file).values_list("pk", flat=True)),
            reject_ids=tuple(RejectedRow.objects.filter(load__file=file).values_list("pk", flat=True)),
            dataset_ids=tuple(datasets.values_list("pk", flat=True)),
            slugs=tuple(sorted(slugs - {"", PUBLIC})),
        )
        return self.plants[key]

    def alone(self, key: str, sender: str, **wishes: Any) -> Plant:
        """A file of columns of its own: in evidence, in a suggestion, in a rejected row, in its options."""
        column, value, reject, null = (word(kind, key) for kind in (Kind.COLUMN, Kind.VALUE, Kind.REJECT, Kind.WORD))
        rows = "".join(f"{number};{number}\n" for number in range(30))
        text = f"{column};other\n{rows}{value};31\n32;33;{reject}\n{null};34\n"
        options = {"null_words": [null]}
        wanted = {"dataset": word(Kind.WANTED, key)}
        kinds = (Kind.COLUMN, Kind.VALUE, Kind.REJECT, Kind.WORD)
        return self.send(key, sender, text, *kinds, **{"options": options, **wanted, **wishes})

    def joining(self, key: str, sender: str) -> Plant:
        """A file for the established dataset, one row of which does not fit."""
        text = f"account;amount\n{key};1\nx;2\ny;{word(Kind.REJECT, key)}\n"
        return self.send(key, sender, text, Kind.REJECT)

    def gone(self, key: str, kept: frozenset[Kind] = OF_GONE) -> None:
        self.plants[key] = Plant(**{**self.plants[key].__dict__, "kept": kept})

    def activate(self, file_id: int) -> None:
        """As a dataset of its own, where its columns are nearly those of another one."""
        if any(not table.plan.is_settled for table in plans_of(file_id=file_id)):
            keep_answer(file_id=file_id, answer=ColumnAnswer(dataset=None, columns={}))
        activate_file(file_id=file_id, user_id=self.boss.pk)

    def delete(self, key: str) -> None:
        delete_file(file_id=self.plants[key].file_id, user_id=self.boss.pk)
        self.gone(key)


def plant_world(pipeline: Pipeline) -> World:
    """Send, activate, delete and withdraw; what each file's state is to be is checked."""
    with connection.cursor() as cursor:
        for name in ("uploadedfile", "dataset", "load", "rejectedrow"):
            cursor.execute(f"ALTER TABLE uploads_{name} ALTER COLUMN id RESTART WITH {FIRST_ID[name]}")
    planting = Planting(pipeline)
    founder = f"account;amount\n1;1\n2;2\n3;3\n4;4\n{word(Kind.VALUE, 'founder')};5\n"
    planting.send("founder", "mara", founder, Kind.VALUE, name="ledger.csv", dataset=PUBLIC)
    activate_file(file_id=planting.plants["founder"].file_id, user_id=planting.boss.pk)
    public = planting.send("public", "boss", OF_PUBLIC, name="second.csv", activate=True)
    planting.delete("founder")
    _pending(planting)
    _arriving(planting)
    _established(planting)
    _for_a_group(planting)
    _gone(planting)
    del planting.plants["public"]
    plants = tuple(planting.plants.values())
    secrets: dict[str, tuple[tuple[Plant, Kind], ...]] = {}
    for plant in plants:
        for kind, text in plant.secrets.items():
            secrets[text.lower()] = (*secrets.get(text.lower(), ()), (plant, kind))
    return World(plants=plants, public=public, boss=planting.boss, mara=planting.mara, secrets=secrets)


def _pending(planting: Planting) -> None:
    """Files that are there and were never active."""
    alone = planting.alone("pending", "anna")
    planting.joining("tojoin", "mara")
    twin = planting.send("twin", "cleo", planting.texts["pending"], dataset="")
    again = planting.send("copy", "cleo", planting.texts["pending"], dataset="")
    for plant in (twin, again):
        shared = {kind: alone.secrets[kind] for kind in OF_CELLS}
        planting.plants[plant.key] = Plant(**{**plant.__dict__, "secrets": {**shared, **plant.secrets}})
    columns = f"{word(Kind.COLUMN, 'failed')};b\n{word(Kind.VALUE, 'failed')};2\n"
    planting.send("failed", "anna", columns, Kind.COLUMN, Kind.VALUE, dataset=PUBLIC)
    _failing(planting, "refused", "mara")
    unfit = f"account;amount\n1;{word(Kind.REJECT, 'unfit')}\n"
    planting.send("unfit", "anna", unfit, Kind.REJECT)
    states = {key: plant.state for key, plant in planting.plants.items() if key not in ("founder", "public")}
    assert states == {
        "pending": FileState.LOADED,
        "tojoin": FileState.LOADED,
        "twin": FileState.LOADED,
        "copy": FileState.DUPLICATE,
        "failed": FileState.FAILED,
        "refused": FileState.FAILED,
        "unfit": FileState.FAILED,
    }


def _arriving(planting: Planting) -> None:
    """One of which no byte has come yet."""
    name = word(Kind.NAME, "arriving")
    file = begin_upload(name=f"{name}.csv", size=10, uploader=planting.senders["mara"], via=UploadedFile.Via.PAGE)
    planting.plants["arriving"] = Plant(
        key="arriving",
        sender="mara",
        state=file.state,
        secrets={Kind.NAME: name, Kind.NUMBER: str(file.pk), Kind.TOKEN: file.token},
        file_id=file.pk,
        token=file.token,
        load_ids=(),
        reject_ids=(),
        dataset_ids=(),
        slugs=(),
    )


def _established(planting: Planting) -> None:
    """One that is active, whose rows are everybody's; and one that was switched off, whose value no row shows any more.

    Of both the dataset's name, columns and words are public.
    """
    for key, hidden in (("active", ()), ("off", (Kind.VALUE, Kind.NUMBER))):
        plant = planting.alone(key, "anna", dataset="")
        planting.activate(plant.file_id)
        if key == "off":
            deactivate_file(file_id=plant.file_id, user_id=planting.boss.pk)
        secrets = {kind: plant.secrets[kind] for kind in (Kind.REJECT, Kind.TOKEN, Kind.HASH, *hidden)}
        slugs = Dataset.objects.filter(loads__file=plant.file_id).values_list("slug", flat=True)
        public = {"secrets": secrets, "slugs": tuple(slugs), "is_public": True}
        planting.plants[key] = Plant(**{**plant.__dict__, **public})


def _for_a_group(planting: Planting) -> None:
    """A dataset for groups of which nobody here is in any, and a file of its columns that a visitor sent since."""
    plant = planting.alone("hidden", "boss", activate=True)
    change_visibility(slug=plant.secrets[Kind.WANTED], visibility=Visibility.GROUPS)
    column = plant.secrets[Kind.COLUMN]
    planting.send("nearhidden", "anna", f"{column};other\n" + "".join(f"{n};{n}\n" for n in range(30)))
    near = planting.plants["nearhidden"]
    planting.plants["nearhidden"] = Plant(
        **{**near.__dict__, "secrets": {**near.secrets, Kind.COLUMN: column}, "slugs": near.slugs}
    )


def _gone(planting: Planting) -> None:
    """Files that staff declined or deleted, and one that its sender took back."""
    planting.alone("declined", "anna")
    planting.delete("declined")
    planting.joining("unwanted", "mara")
    planting.delete("unwanted")
    once = planting.alone("deleted", "mara")
    planting.activate(once.file_id)
    planting.delete("deleted")
    beside = planting.joining("beside", "anna")
    planting.activate(beside.file_id)
    planting.delete("beside")
    tried = _failing(planting, "tried", "mara")
    wish = ReimportRequest(options={"null_words": [word(Kind.WORD, "tried")]})
    reimport_file(file_id=tried.file_id, wish=wish, reader=planting.senders["mara"], via=UploadedFile.Via.PAGE)
    planting.pipeline.finish(tried.file_id)
    planting.delete("tried")
    back = planting.alone("withdrawn", "anna")
    withdraw_file(file_id=back.file_id)
    planting.gone("withdrawn", OF_WITHDRAWN)


def _failing(planting: Planting, key: str, sender: str) -> Plant:
    """The established dataset does not read its word as empty."""
    text = f"account;amount\n{word(Kind.VALUE, key)};1\n{word(Kind.WORD, key)};2\n"
    return planting.send(key, sender, text, Kind.VALUE, Kind.WORD, options={"null_words": [word(Kind.WORD, key)]})
