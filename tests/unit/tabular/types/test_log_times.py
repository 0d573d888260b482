"""A colon between the day and the time, as the logs of web servers write it."""

import pytest

from uploads.tabular.types.date_patterns import date_candidates


@pytest.mark.parametrize(
    ("value", "patterns"),
    [
        ("10/Oct/2000:13:55:36 -0700", {"%d/%b/%Y:%H:%M:%S -0700"}),
        ("10:13:55:36", set()),
        ("2000-10-10 13:55", {"%Y-%m-%d %H:%M"}),
    ],
)
def test_a_colon_parts_day_and_time(value: str, patterns: set[str]) -> None:
    found = {candidate.format.pattern for candidate in date_candidates(value)}
    assert found >= patterns
    assert bool(found) == bool(patterns)


@pytest.mark.parametrize(
    ("value", "patterns"),
    [
        ("2026-11-28 10:11:12,123", {"%Y-%m-%d %H:%M:%S,%3f"}),
        ("28.11.2026 10:11:12,5", {"%d.%m.%Y %H:%M:%S,%1f"}),
        ("2026-11-28 10:11:12.123", {"%Y-%m-%d %H:%M:%S.%3f"}),
        ("2026-11-28 10:11,123", set()),
        ("2026-11-28 10:11:12,", set()),
    ],
)
def test_a_comma_parts_seconds_and_their_fraction(value: str, patterns: set[str]) -> None:
    found = {candidate.format.pattern for candidate in date_candidates(value)}
    assert found >= patterns
    assert bool(found) == bool(patterns)
