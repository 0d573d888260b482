"""The list of datasets as its address describes it, and the addresses that lead on from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from uploads.services.cataloguing.about import About, read_tags
from uploads.services.datasets.browsing import LONGEST_SEARCH, DatasetOrder, DatasetPage
from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import SEARCH, SORT
from uploads.web.parameters import TAG, address_without

PAGE = "page"


@dataclass(frozen=True, kw_only=True, slots=True)
class TagLink:
    """A tag to filter the list by, or one that it is filtered by."""

    words: str
    href: str
    """The list with it; of one that is chosen, without it."""
    number: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorting:
    """The header of a column: where a click leads, and how ``aria-sort`` calls it now."""

    href: str
    sorted: str
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownList:
    """What stands around the list."""

    search: str
    tags: tuple[TagLink, ...]
    """Those that are chosen."""
    order: str
    """Empty where it is by name."""
    by_name: Sorting
    by_rows: Sorting
    by_change: Sorting
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedList:
    """Which datasets an address asks for."""

    search: str = ""
    tags: tuple[str, ...] = ()
    order: DatasetOrder = DatasetOrder.NAME
    number: int = 1

    @property
    def address(self) -> str:
        query = []
        if self.search:
            query.append((SEARCH, self.search))
        query.extend((TAG, tag) for tag in self.tags)
        if self.order is not DatasetOrder.NAME:
            query.append((SORT, self.order.value))
        if self.number > 1:
            query.append((PAGE, str(self.number)))
        return f"{reverse('datasets')}?{urlencode(query)}" if query else reverse("datasets")

    def without(self, tag: str) -> "AskedList":
        return replace(self, tags=tuple(other for other in self.tags if other != tag), number=1)

    def more_tags(self, frequent: Iterable[tuple[str, int]]) -> tuple[TagLink, ...]:
        """Tags that the list is not filtered by yet."""
        return tuple(
            TagLink(words=tag, number=number, href=replace(self, tags=(*self.tags, tag), number=1).address)
            for tag, number in frequent
            if tag not in self.tags
        )

    def shown(self, page: DatasetPage) -> ShownList:
        return ShownList(
            search=self.search,
            tags=tuple(TagLink(words=tag, href=self.without(tag).address) for tag in self.tags),
            order="" if self.order is DatasetOrder.NAME else self.order.value,
            by_name=self._sorting(DatasetOrder.NAME),
            by_rows=self._sorting(DatasetOrder.ROWS),
            by_change=self._sorting(DatasetOrder.CHANGED),
            previous=replace(self, number=page.number - 1).address if page.number > 1 else "",
            next=replace(self, number=page.number + 1).address if page.number < page.pages else "",
        )

    def _sorting(self, order: DatasetOrder) -> Sorting:
        is_now, is_descending = order is self.order, order.value.startswith("-")
        return Sorting(
            href=replace(self, order=order, number=1).address,
            sorted=("descending" if is_descending else "ascending") if is_now else "",
            mark=("↓" if is_descending else "↑") if is_now else "",
        )


def read_list(request: HttpRequest) -> AskedList:
    """Raises ``BadParameter``."""
    search, order, number = (request.GET.get(name, "") for name in (SEARCH, SORT, PAGE))
    if len(search) > LONGEST_SEARCH or "\0" in search:
        raise _wrong(request, SEARCH, f"“{SEARCH}” takes words of together at most {LONGEST_SEARCH} letters.")
    if order and order not in DatasetOrder:
        raise _wrong(request, SORT, f"“{SORT}” is one of {', '.join(DatasetOrder)}.")
    if number and not (number.isascii() and number.isdigit() and len(number) < 9 and int(number)):
        raise _wrong(request, PAGE, f"“{PAGE}” is a number from 1 on.")
    try:
        tags = read_tags(request.GET.getlist(TAG))
    except BadParameter as error:
        raise _wrong(request, TAG, error.message, hint=error.hint) from error
    return AskedList(
        search=search.strip(),
        tags=tags,
        order=DatasetOrder(order or DatasetOrder.NAME),
        number=int(number) if number else 1,
    )


def tag_links(about: About) -> tuple[TagLink, ...]:
    """The tags of a dataset, each with the list of those that have it."""
    return tuple(TagLink(words=tag, href=AskedList(tags=(tag,)).address) for tag in about.tags)


def _wrong(request: HttpRequest, name: str, message: str, *, hint: str = "") -> BadParameter:
    error = BadParameter(message, hint=hint, names=[name])
    error.way_back = address_without(request, [name])
    return error
