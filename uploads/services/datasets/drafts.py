"""Drafts: the tables of a file that has not been active yet, its own until then, under names that take nobody's."""

import secrets
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from uploads.database.datasets import table_exists
from uploads.database.prepared import Prepared
from uploads.database.rows import storable, storable_json
from uploads.models import DRAFT_PREFIX, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.datasets.matching import Match
from uploads.tabular.column_json import column_to_json
from uploads.tabular.formats import SUFFIXES
from uploads.tabular.names import dataset_slug
from uploads.tabular.table import Column


def create_draft(
    *,
    file: UploadedFile,
    columns: Sequence[Column],
    key: str,
    hint: str,
    match: Match | None = None,
    null_words: Sequence[str] = (),
) -> Dataset:
    """A draft for a table of ``file``; the caller has the transaction, and makes the part.

    ``key``: the table's ``header_key``; ``match``: the dataset by which it was typed, or in whose stead it is: then it
    has that one's name and memory.
    """
    before = None if match is None else match.dataset
    inherits = before is not None and match is not None and not match.has_types
    chosen = dict(before.columns.values_list("name", "chosen")) if before is not None and inherits else {}
    typed_by = None
    if before is not None and match is not None and match.has_types:
        # None where its last file was deleted since; the types are as good as others
        typed_by = Dataset.objects.select_for_update(no_key=True).filter(pk=before.pk).only("pk").first()
    draft = Dataset.objects.create(
        slug=draft_slug(),
        planned=before.public_slug if before is not None else file.dataset_wanted or dataset_slug(hint),
        typed_by=typed_by,
        name=before.name if before is not None else file.dataset_wanted or display_name(hint),
        header_key=key,
        null_words=list(null_words),
        words_chosen=before.words_chosen if before is not None and set(before.null_words) == set(null_words) else None,
        read_options={} if before is None else before.read_options,
    )
    DatasetColumn.objects.bulk_create(
        DatasetColumn(
            dataset=draft,
            position=position,
            label=storable(column.label),
            name=column.name,
            description=storable(column.description),
            evidence_file=file,
            chosen=chosen.get(column.name),
            **_typing(column),
        )
        for position, column in enumerate(columns, start=1)
    )
    return draft


def rename_draft(*, draft: Dataset, hint: str) -> None:
    """Have a draft ask for another name."""
    Dataset.objects.filter(pk=draft.pk, established_at=None).update(planned=dataset_slug(hint), name=display_name(hint))


def retype_draft(*, draft: Dataset, columns: Sequence[Column], file_id: int) -> None:
    """Give a draft the types that its whole table has; the part is the caller's to change."""
    stored = {column.name: column for column in draft.columns.all()}
    changed = []
    for column in columns:
        row, typing = stored[column.name], _typing(column)
        if {field: getattr(row, field) for field in typing} != typing:
            for field, value in typing.items():
                setattr(row, field, value)
            row.evidence_file_id = file_id
            changed.append(row)
    DatasetColumn.objects.bulk_update(changed, ["type", "format", "evidence", "evidence_file"], batch_size=500)


def drafts_of(*, file_id: int) -> list[Dataset]:
    """The drafts in which a file's tables lie, in an order that is the same for files of the same headers."""
    return list(
        Dataset.objects.filter(established_at=None, loads__file_id=file_id).distinct().order_by("header_key", "pk")
    )


_SLUGS = ("slug", "planned", "established_at", "typed_by__slug")
_DATASETS = Prepared(lambda file: Dataset.objects.filter(loads__file=file).order_by().values_list(*_SLUGS).distinct())


def public_slugs(*, file_id: int) -> tuple[str, ...]:
    """The datasets that a file has rows for, or is to have, as they are called now."""
    found = (
        Dataset(slug=slug, planned=planned, established_at=since, typed_by=Dataset(slug=other) if other else None)
        for slug, planned, since, other in _DATASETS.rows(file=file_id)
    )
    return tuple(sorted(dataset.public_slug for dataset in found))


def discard_drafts(*, ids: Collection[int]) -> None:
    """Forget drafts that have no rows any more; loads that are kept for their rejected rows go to where they were to.

    The caller has the transaction.
    """
    for draft in Dataset.objects.select_for_update().filter(pk__in=ids, established_at=None).order_by("pk"):
        loads = Load.objects.filter(dataset=draft)
        if not loads.exclude(part="").exists():
            loads.update(dataset=draft.typed_by_id)
            draft.delete()


def draft_slug() -> str:
    """A slug that no dataset has, or could be given."""
    return f"{DRAFT_PREFIX}{secrets.token_hex(8)}"


def display_name(hint: str) -> str:
    """The name for people, after a file, an archive's member or a sheet."""
    path = PurePosixPath(hint.replace("\\", "/"))
    while path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    return storable(path.name or hint)[:255]


def _typing(column: Column) -> dict[str, object]:
    new = column_to_json(column)
    return {
        "type": column.type.value,
        "format": new["format"],
        "evidence": storable_json(column.evidence and column.evidence.as_json()),
    }


def free_slug(slug: str, *, besides: Collection[str] = ()) -> str:
    """The slug, or the first numbered one like it that no table has, and that is not among ``besides``."""
    taken = {*Dataset.objects.filter(slug__startswith=slug[:40]).values_list("slug", flat=True), *besides}
    candidate, number = slug, 2
    while candidate in taken or table_exists(name=candidate):
        suffix = f"_{number}"
        candidate = slug.encode()[: 50 - len(suffix)].decode(errors="ignore") + suffix
        number += 1
    return candidate
