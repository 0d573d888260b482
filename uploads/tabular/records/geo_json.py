"""Features of a map (GeoJSON, RFC 7946): a row for each, a column for each of their properties, the shape as JSON."""

from typing import Any

_OWN = ("type", "properties", "geometry")
_PREFIX = "feature."
"""Before a name that a property has as well."""


def is_feature(record: dict[str, Any]) -> bool:
    """``{"type": "Feature", "properties": {…}, "geometry": {…}}``; it may have no properties, and no place."""
    return (
        record.get("type") == "Feature"
        and "geometry" in record
        and isinstance(record.get("properties", 0), dict | None)
        and isinstance(record["geometry"], dict | None)
    )


def properties_of(record: dict[str, Any]) -> dict[str, Any]:
    """The feature's properties, then its shape; what else a program wrote beside them, such as its ``id``, first. What
    is no feature stays as it is."""
    if not is_feature(record):
        return record
    properties: dict[str, Any] = record["properties"] or {}

    def named(name: str) -> str:
        return f"{_PREFIX}{name}" if name in properties else name

    others = {named(name): value for name, value in record.items() if name not in _OWN}
    return {**others, **properties, named("geometry"): record["geometry"]}
