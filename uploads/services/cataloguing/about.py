"""What a dataset is called and about, as staff say it: description, licence, tags, who publishes it and whom to ask."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils import timezone

from uploads.database.rows import storable
from uploads.models import Dataset
from uploads.services.admin_log import log_act
from uploads.services.cataloguing.licences import LICENCES, OTHER, Licence
from uploads.services.errors import BadParameter, DatasetNotFound
from uploads.services.table_comments import write_comments

LONGEST_DESCRIPTION = 5_000
"""Letters: search engines for datasets take no more."""
LONGEST_TAG = 40
MOST_TAGS = 20
LONGEST_NAME = 200
LONGEST_TITLE = 255
"""Of the dataset's own name, which is that of its first file until somebody gives it another."""
LONGEST_ADDRESS = 500
IN_TAGS = "-.+#/&'’()"
"""What may stand in a tag beside letters, digits and single spaces."""

_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What is said about a dataset; what nobody said is empty."""

    description: str = ""
    licence: str = ""
    """Of ``LICENCES``, or ``OTHER``."""
    other_licence_url: str = ""
    """Of the terms, where they are ``OTHER``."""
    tags: tuple[str, ...] = ()
    publisher: str = ""
    contact: str = ""
    """An e-mail address, or that of a page."""

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        return cls(
            description=dataset.description,
            licence=dataset.licence,
            other_licence_url=dataset.licence_url,
            tags=tuple(dataset.tags),
            publisher=dataset.publisher,
            contact=dataset.contact,
        )

    def __bool__(self) -> bool:
        return self != About()

    @property
    def known_licence(self) -> Licence | None:
        return LICENCES.get(self.licence)

    @property
    def licence_name(self) -> str:
        """``Creative Commons Attribution 4.0``; of other terms the site that has them; empty: none is said."""
        if self.licence == OTHER:
            return f"Terms at {urlsplit(self.other_licence_url).hostname}"
        return self.known_licence.name if self.known_licence else ""

    @property
    def licence_url(self) -> str:
        """Of the text of the licence; empty: none is said."""
        return self.known_licence.url if self.known_licence else self.other_licence_url

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is said, with what it is called: ``("Licence", "… (https://…)")``."""
        every = (
            ("Description", self.description),
            ("Licence", f"{self.licence_name} ({self.licence_url})" if self.licence else ""),
            ("Tags", ", ".join(self.tags)),
            ("Publisher", self.publisher),
            ("Contact", self.contact),
        )
        return tuple((name, text) for name, text in every if text)

    @property
    def contact_url(self) -> str:
        """``mailto:…``, or the address of the page."""
        return f"mailto:{self.contact}" if self.contact and not _is_web_address(self.contact) else self.contact


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidAbout:
    """What a person says, as text; ``None``: that stays as it is, empty: nothing is said of it any more."""

    name: str | None = None
    """What people call it; its table and its address keep theirs. It is never empty."""
    description: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    """A licence without an address, other than ``OTHER``, forgets the one that was there."""
    tags: Sequence[str] | None = None
    publisher: str | None = None
    contact: str | None = None

    @property
    def says_something(self) -> bool:
        return self != SaidAbout()


def change_about(*, slug: str, said: SaidAbout, user_id: int | None = None) -> About:
    """Say what a dataset is about; whoever sees the dataset sees it. Raises ``DatasetNotFound``, ``BadParameter``."""
    changes: dict[str, Any] = {}
    if said.name is not None:
        changes["name"] = read_name(said.name)
    if said.description is not None:
        changes["description"] = read_text(said.description, what="description", longest=LONGEST_DESCRIPTION)
    if said.tags is not None:
        changes["tags"] = list(read_tags(said.tags))
    if said.publisher is not None:
        changes["publisher"] = " ".join(read_text(said.publisher, what="publisher", longest=LONGEST_NAME).split())
    if said.contact is not None:
        changes["contact"] = read_contact(said.contact)
    with transaction.atomic():
        found = Dataset.objects.select_for_update(no_key=True).filter(slug=slug, established_at__isnull=False)
        dataset = found.first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{storable(slug)}”.", hint="Look at the list of datasets.")
        changes |= _licence_changes(dataset, said)
        changed = {field: value for field, value in changes.items() if value != getattr(dataset, field)}
        if changed:
            for field, value in changed.items():
                setattr(dataset, field, value)
            dataset.described_at = timezone.now()
            dataset.save(update_fields=[*changed, "described_at"])
            if "name" in changed:
                write_comments(dataset)
            log_act(user_id=user_id, to=dataset, words=f"what it is about: {_named(changed)}")
    return About.of(dataset)


def _licence_changes(dataset: Dataset, said: SaidAbout) -> dict[str, str]:
    """The licence and its address go together: other terms have one, and no licence of the table has."""
    if said.licence is None and said.licence_url is None:
        return {}
    licence = dataset.licence if said.licence is None else read_licence(said.licence)
    url = dataset.licence_url if said.licence_url is None else read_web_address(said.licence_url, field="licence_url")
    if licence == OTHER:
        if not url:
            raise BadParameter(
                "Other terms need the address where they stand.",
                hint="Give it, or choose one of the licences.",
                names=["licence_url"],
            )
        return {"licence": licence, "licence_url": url}
    if said.licence_url and said.licence_url.strip():
        raise BadParameter(
            "An address is taken for other terms alone.",
            hint=f"Choose the licence “{OTHER}”, or leave the address empty.",
            names=["licence_url"],
        )
    return {"licence": licence, "licence_url": ""}


def _named(changed: Iterable[str]) -> str:
    words = {"name": "its name", "licence_url": "address of the licence"}
    return ", ".join(words.get(field, field) for field in changed)


def read_name(said: str) -> str:
    """One line. Raises ``BadParameter``."""
    name = " ".join(read_text(said, what="name", longest=LONGEST_TITLE).split())
    if not name:
        raise BadParameter("A dataset needs a name.", hint="Type what people call it.", names=["name"])
    return name


def read_licence(said: str) -> str:
    """An identifier however its letters are written; empty: none. Raises ``BadParameter``."""
    text = said.strip()
    if not text:
        return ""
    found = {known.lower(): known for known in (*LICENCES, OTHER)}.get(text.lower())
    if found is None:
        raise BadParameter(
            f"There is no licence “{storable(text[:60])}” here.",
            hint=f"Possible are {', '.join((*LICENCES, OTHER))}.",
            names=["licence"],
        )
    return found


def read_tags(said: Iterable[str]) -> tuple[str, ...]:
    """``["Energy", " energy", "Prices  2024"]``: ``("energy", "prices 2024")``. Raises ``BadParameter``."""
    tags = tuple(dict.fromkeys(tag for text in said if (tag := read_tag(text))))
    if len(tags) > MOST_TAGS:
        raise BadParameter(
            f"{len(tags):,} tags are too many.", hint=f"Choose the {MOST_TAGS} that matter most.", names=["tags"]
        )
    return tags


def read_tag(said: str) -> str:
    """One tag as it is stored: small letters, single spaces; empty where nothing is said. Raises ``BadParameter``."""
    tag = " ".join(unicodedata.normalize("NFC", said.lower()).split())
    if len(tag) > LONGEST_TAG:
        raise BadParameter(
            f"“{storable(tag[:LONGEST_TAG])}…” is too long for a tag.",
            hint=f"A tag has at most {LONGEST_TAG} letters.",
            names=["tags"],
        )
    wrong = next((letter for letter in tag if not _may_stand_in_tags(letter)), None)
    if wrong is not None:
        shown = wrong if wrong.isprintable() else f"U+{ord(wrong):04X}"
        raise BadParameter(
            f"A tag cannot have “{shown}”.",
            hint=f"It takes letters, digits, spaces and {' '.join(IN_TAGS)}",
            names=["tags"],
        )
    return tag


def split_tags(said: str) -> tuple[str, ...]:
    """What stands in one field: separated by commas of any script, semicolons or lines."""
    for separator in (";", "\n", "\r", "،", "、", "，"):
        said = said.replace(separator, ",")
    return tuple(said.split(","))


def _may_stand_in_tags(letter: str) -> bool:
    return letter == " " or letter in IN_TAGS or unicodedata.category(letter)[0] in "LMN"


def read_text(said: str, *, what: str, longest: int) -> str:
    """Lines that end alike, without what a database or a page cannot hold. Raises ``BadParameter``."""
    text = said.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise BadParameter(
            f"The {what} has {len(text):,} letters; {longest:,} fit.", hint="Make it shorter.", names=[what]
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise BadParameter(
            f"The {what} has characters that cannot be shown.", hint="Type it anew, or paste plain text.", names=[what]
        )
    return text


def read_web_address(said: str, *, field: str) -> str:
    """Raises ``BadParameter``."""
    text = said.strip()
    if text and not _is_web_address(text):
        raise BadParameter(
            f"“{storable(text[:80])}” is not the address of a page.",
            hint="It begins with https:// or http://, and is at most 500 letters long.",
            names=[field],
        )
    return text


def read_contact(said: str) -> str:
    """An e-mail address or that of a page. Raises ``BadParameter``."""
    text = said.strip()
    if text and not _is_web_address(text) and not _is_email(text):
        raise BadParameter(
            f"“{storable(text[:80])}” is neither an e-mail address nor that of a page.",
            hint="Such as data@example.org or https://example.org/contact.",
            names=["contact"],
        )
    return text


def _is_web_address(text: str) -> bool:
    try:
        _web_address(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_NAME
