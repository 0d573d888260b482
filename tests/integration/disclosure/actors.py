"""Who asks: visitors, members, staff with one permission each, and scripts; and what each of them may see."""

from dataclasses import dataclass, replace

from django.core.signing import Signer
from django.test import Client

from tests.integration.disclosure.world import Plant, World
from tests.integration.staff import PASSWORD, basic, make_user
from uploads.services.files.permissions import STAFF_NEED

VIEWERS = {"view_uploadedfile"}
FEW = ("pending", "deleted", "active")
MORE = ("copy", "tojoin", "off", "hidden", "nearhidden")
GONE = ("founder", "declined", "deleted", "beside", "tried", "withdrawn")
NAMED = sorted({name.removeprefix("uploads.") for names in STAFF_NEED.values() for name in names})


@dataclass(frozen=True, kw_only=True)
class Actor:
    name: str
    permissions: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()
    """About which of them everything is asked."""
    in_turn: tuple[str, ...] = ()
    """About which of them each address is asked one after the other, one for each address."""
    below: str = "/"
    """Where the addresses are that this person asks."""
    by_basic: bool = False
    """A script that sends name and password with each request, as the API has it."""
    password: str = PASSWORD
    turn: tuple[int, int] = (0, 1)
    """Of how many of its kind this one is which: each address is asked by whoever has its turn there."""

    @property
    def is_known(self) -> bool:
        return self.password == PASSWORD

    @property
    def sees_all(self) -> bool:
        return self.is_known and (self.name == "boss" or bool(VIEWERS & {*self.permissions}))

    def sees(self, plant: Plant) -> bool:
        return self.sees_all or (self.is_known and plant.sender == self.name)

    def client(self, world: World) -> Client:
        client = Client(raise_request_exception=False)
        if self.by_basic:
            if self.name not in ("boss", "mara"):
                make_user(self.name, *self.permissions)
            client.defaults["HTTP_AUTHORIZATION"] = basic(self.name, self.password)["Authorization"]
        elif self.name in ("anna", "ben", "cleo"):
            client.cookies["visitor"] = visitor_cookie(self.name)
        elif self.name in ("boss", "mara"):
            client.force_login(getattr(world, self.name))
        elif self.name != "anonymous":
            client.force_login(make_user(self.name, *self.permissions, is_staff=self.name != "moe"))
        return client


def visitor_cookie(visitor: str) -> str:
    return Signer(salt="uploads.visitor").sign(visitor)


def clerk(*permissions: str, name: str = "") -> Actor:
    """A member of staff. A permission that the app does not name could matter to Django's own admin alone.

    Who sees no file asks about one that is pending: what the others ask about too, nobody may see.
    """
    name = name or f"clerk_{permissions[0]}"
    if not {*permissions} & {*NAMED}:
        return Actor(name=name, permissions=permissions, plants=FEW[:1], below="/admin/")
    in_turn = GONE if VIEWERS & {*permissions} else ()
    return Actor(name=name, permissions=permissions, plants=FEW[:1], in_turn=in_turn)


def in_turns(*actors: Actor, of: int) -> list[Actor]:
    """Actors who share the addresses out among themselves: each address is asked by one of every ``of``."""
    return [replace(actor, turn=(number % of, of)) for number, actor in enumerate(actors)]


VISITORS = (
    Actor(name="anonymous", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "declined", "twin")),
    Actor(name="anna", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "failed", "declined", "withdrawn")),
    Actor(name="cleo", plants=("twin",), in_turn=(*FEW, *MORE)),
    Actor(name="ben", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "twin")),
)
MARA = Actor(
    name="mara", plants=FEW[:1], in_turn=(*FEW[1:], *MORE, "arriving", "refused", "founder", "unwanted", "tried")
)
MOE = Actor(name="moe", plants=FEW[:1], in_turn=(*FEW[1:], "arriving"))
BOSS = Actor(name="boss", plants=FEW[:1], in_turn=FEW[1:])
EVERY_PERMISSION = (
    [
        f"{act}_{model}"
        for model in ("dataset", "datasetcolumn", "uploadedfile", "load", "rejectedrow", "fileevent")
        for act in ("view", "add", "change", "delete")
    ]
    + ["activate_uploadedfile", "retry_uploadedfile", "query_datasets", "view_accesstoken", "revoke_accesstoken"]
    + ["manage_newssubscription"]
)
BLIND = clerk(*(name for name in EVERY_PERMISSION if name not in VIEWERS), name="blind")
ACTORS = [
    *in_turns(*VISITORS, of=3),
    *in_turns(MARA, MOE, of=2),
    *in_turns(BOSS, of=6),
    *in_turns(*(clerk(name) for name in EVERY_PERMISSION if name in NAMED), BLIND, of=8),
    *in_turns(*(clerk(name) for name in EVERY_PERMISSION if name not in NAMED), of=18),
]
SCRIPTS = in_turns(
    MARA,
    MOE,
    BOSS,
    clerk("view_uploadedfile"),
    BLIND,
    replace(BOSS, password="wrong"),
    of=3,
)
