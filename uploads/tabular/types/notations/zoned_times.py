"""Times whose offset from UTC changes as the clocks of one time zone do: ``+02:00`` in summer, ``+01:00`` in winter.

Each value is one moment. It is printed back exactly because the zone is known: the one whose clocks show the offset of
every value. Which zones do is told at the end, from the quarters of an hour in which each offset was seen: to try all
312 of them on every value would cost 50 times what reading the values does.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.facts import Facts
from uploads.tabular.types.notations.zones import may_be_of_one_clock, offsets_at, zone_names

_QUARTER = 900
"""Seconds; clocks have been changed only at full quarters of an hour (UTC) since 1972."""
_MOST_QUARTERS = 2_000_000
"""57 years of them, 16 MB; a column that has more tells no zone."""
_STYLES = {
    "%:z": r"[-+](?:0[0-9]|1[0-5]):[0-5][0-9]",
    "%z": r"[-+](?:0[0-9]|1[0-5])[0-5][0-9]",
    "%:::z": r"[-+](?:0[0-9]|1[0-5])(?::[0-5][0-9])?",
}
"""How an offset is written, in GNU date's letters; with a capital ``Z`` none is written as ``Z``."""
_WIDTHS = {"%:z": 6, "%z": 5, "%:::z": 3}
ANY_ZONE = "~"
"""In place of a zone: offsets of many places. The moments are the same, and which offset each had is not kept."""
_TAIL = re.compile(r"%(?::|:::)?[zZ]$")

type _Integers = npt.NDArray[np.int64]


class SeenOffsets:
    """In which quarters of an hour each offset was seen, over all values of a column."""

    def __init__(self) -> None:
        self._quarters: dict[int, _Integers] = {}
        self._is_whole = True

    def add(self, seconds: _Integers, offset: int) -> None:
        """Take in moments (seconds since 1970) that were written with one offset (seconds)."""
        quarters = np.unique(seconds // _QUARTER)
        known = self._quarters.get(offset)
        if known is not None:
            quarters = np.union1d(known, quarters)
        self._quarters[offset] = quarters
        self._is_whole = self._is_whole and sum(map(len, self._quarters.values())) <= _MOST_QUARTERS
        if not self._is_whole:
            self._quarters = {}

    def zone(self) -> str | None:
        """The first zone that shows every offset where it was seen."""
        ends = [int(moment) * _QUARTER for quarters in self._quarters.values() for moment in quarters[[0, -1]]]
        if not self._is_whole or not ends or not may_be_of_one_clock(min(ends), max(ends)):
            return None
        return next((zone for zone in zone_names() if self._agrees(zone)), None)

    def _agrees(self, zone: str) -> bool:
        for offset, quarters in self._quarters.items():
            for some in (quarters[:3], quarters):  # most zones are told by a few
                shown = offsets_at(zone, some * _QUARTER)
                if shown is None or (shown != offset).any():
                    return False
        return True


@dataclass(frozen=True)
class ZonedCandidate(DateCandidate):
    """One pattern of times, whose last letter is an offset. Without a zone it only gathers what offsets there are."""

    seen: SeenOffsets = field(default_factory=SeenOffsets, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether the zone is to be found yet."""
        return not self.format.zone

    @property
    def is_loose(self) -> bool:
        """Whether it reads what it cannot print back as it stood."""
        return self.format.zone == ANY_ZONE

    @cached_property
    def is_plain(self) -> bool:
        return self._local.is_plain

    @cached_property
    def regex(self) -> str:
        zone = _STYLES[self._tail.lower()]
        return f"{self._local.regex[:-1]}(?P<zone>{f'Z|{zone}' if self._tail.endswith('Z') else zone})$"

    def in_its_zone(self) -> "ZonedCandidate | None":
        """The same with the zone that shows the offsets of all values seen."""
        zone = self.seen.zone() if self.is_open else self.format.zone
        return self.in_zone(zone) if zone else None

    def in_zone(self, zone: str) -> "ZonedCandidate":
        """The same with this zone."""
        return replace(self, format=replace(self.format, zone=zone))

    def fits(self, facts: Facts) -> bool:
        if not self.is_open:
            return self._agrees(facts.values)
        for pattern, moments in facts.moments_of.items():
            # All have one offset, which another candidate has read already.
            if pattern.startswith(self._prefix) and self._offset_of(pattern.removeprefix(self._prefix)) is not None:
                self.seen.add(_seconds(moments), self._offset_of(pattern.removeprefix(self._prefix)) or 0)
                return True
        key = self._prefix + self._tail.lower()
        read = facts.zoned.get(key) or self._read(facts.values)
        if read is None:
            return False
        facts.zoned.setdefault(key, read)
        moments, offsets = read
        if self._tail.endswith("Z") and not offsets.all() and not pc.any(pc.ends_with(facts.values, "Z")).as_py():
            return False  # +00:00 is written where this one writes Z
        for offset in np.unique(offsets):
            self.seen.add(_seconds(moments)[offsets == offset], int(offset))
        return True

    def _agrees(self, values: pa.StringArray) -> bool:
        """Whether the zone shows every offset: a tenth of what printing every value would cost."""
        read = self._read(values)
        if read is None:
            return False
        moments, offsets = read
        seconds = _seconds(moments)
        if self.is_loose or not len(seconds):
            return True
        shown = offsets_at(self.format.zone, seconds)
        written = offsets[pc.is_valid(moments).to_numpy(zero_copy_only=False)]
        return shown is not None and bool((shown == written).all())

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        written = pc.match_substring_regex(values, self.regex)
        some = pc.if_else(pc.fill_null(written, fill_value=False), values, pa.scalar(None, pa.string()))
        local, zones = self._split(some)
        encoded = zones.dictionary_encode()  # +00:00 is none of a pattern that writes Z
        known = pa.array([self._offset_of(zone) is not None for zone in encoded.dictionary.to_pylist()], pa.bool_())
        fits = pc.and_kleene(pc.and_kleene(written, self._local.mask(local)), known.take(encoded.indices))
        fits = pc.fill_null(fits, fill_value=False)
        kept = pc.if_else(fits, values, pa.scalar(None, pa.string()))
        if not (self.is_open or self.is_loose) and pc.any(fits).as_py():
            fits = pc.fill_null(pc.equal(self.render(self.parse(kept)), values), fill_value=False)
        return pc.if_else(pc.is_valid(values), fits, pa.scalar(None, pa.bool_()))

    def parse(self, values: pa.StringArray) -> pa.Array:
        read = self._read(values)
        if read is None:
            raise pa.ArrowInvalid(f"not all values are written as {self.format.pattern}")
        return read[0]

    def render(self, values: pa.Array) -> pa.StringArray:
        if not len(values) or values.null_count == len(values):
            return pa.nulls(len(values), pa.string())
        micros = pc.fill_null(pc.cast(values, pa.int64()), pc.min(pc.cast(values, pa.int64())))
        moments = micros.to_numpy(zero_copy_only=False).astype(np.int64)
        ahead = None if self.is_open or self.is_loose else offsets_at(self.format.zone, moments // 1_000_000)
        if ahead is None:
            ahead = np.zeros(len(moments), dtype=np.int64)
        local = self._local.render(pa.array(moments + ahead * 1_000_000).cast(pa.timestamp("us")))
        kinds, which = np.unique(ahead, return_inverse=True)
        tails = pa.array([self._written(int(kind)) for kind in kinds]).take(pa.array(which))
        texts = pc.binary_join_element_wise(local, tails, "")
        return pc.if_else(pc.is_valid(values), texts, pa.scalar(None, pa.string()))

    @cached_property
    def _tail(self) -> str:
        found = _TAIL.search(self.format.pattern)
        if found is None:
            raise ValueError(f"{self.format.pattern} does not end with an offset")
        return found[0]

    @cached_property
    def _prefix(self) -> str:
        return self.format.pattern.removesuffix(self._tail)

    @cached_property
    def _local(self) -> DateCandidate:
        """The same without the offset: what the clock showed."""
        return DateCandidate(Format(pattern=self._prefix), ColumnType.TIMESTAMP)

    def _split(self, values: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
        """Each value in front of its offset, and the offset: by its width, for an expression takes 20 times as long."""
        local, zones = _cut(values, _WIDTHS[self._tail.lower()])
        if self._tail.lower() == "%:::z":
            has_minutes = pc.equal(pc.utf8_slice_codeunits(values, -3, -2), ":")
            longer = _cut(values, _WIDTHS["%:z"])
            local, zones = pc.if_else(has_minutes, longer[0], local), pc.if_else(has_minutes, longer[1], zones)
        if self._tail.endswith("Z"):
            is_utc = pc.ends_with(values, "Z")
            shorter = _cut(values, 1)
            local, zones = pc.if_else(is_utc, shorter[0], local), pc.if_else(is_utc, shorter[1], zones)
        return local, zones

    def _read(self, values: pa.StringArray) -> tuple[pa.Array, _Integers] | None:
        """The moments and their offsets in seconds (0 where null); ``None`` where a value is written otherwise."""
        local, zones = self._split(values)
        encoded = zones.dictionary_encode()
        known = [self._offset_of(zone) for zone in encoded.dictionary.to_pylist()]
        if None in known:
            return None
        try:
            clock = self._local.parse(local)
        except pa.ArrowInvalid:
            return None
        ahead = pa.array(known, pa.int64()).take(encoded.indices)
        offsets = pc.fill_null(ahead, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        moments = pc.subtract(pc.cast(clock, pa.int64()), pc.multiply(ahead, 1_000_000))
        return pc.cast(moments, pa.timestamp("us", tz="UTC")), offsets

    def _offset_of(self, text: str) -> int | None:
        """Seconds; ``None`` for what this pattern does not write."""
        if text == "Z" and self._tail.endswith("Z"):
            return 0
        if re.fullmatch(_STYLES[self._tail.lower()], text) is None:
            return None
        digits = text[1:].replace(":", "").ljust(4, "0")
        seconds = (int(digits[:2]) * 60 + int(digits[2:])) * (-60 if text[0] == "-" else 60)
        return seconds if self._written(seconds) == text else None

    def _written(self, offset: int) -> str:
        if not offset and self._tail.endswith("Z"):
            return "Z"
        hours, minutes = divmod(abs(offset) // 60, 60)
        match self._tail.lower():
            case "%:z":
                digits = f"{hours:02d}:{minutes:02d}"
            case "%z":
                digits = f"{hours:02d}{minutes:02d}"
            case _:
                digits = f"{hours:02d}:{minutes:02d}" if minutes else f"{hours:02d}"
        return f"{'-' if offset < 0 else '+'}{digits}"


def offset_patterns(zone: str) -> tuple[str, ...]:
    """How the offsets of a column may be written of which this is one: ``+02:00`` by ``%:z`` or ``%:Z``."""
    bare = zone.lstrip(" ")
    gap = zone[: len(zone) - len(bare)]
    written = [style for style, regex in _STYLES.items() if bare == "Z" or re.fullmatch(regex, bare)]
    both = [style for plain in written for style in ((plain,) if bare != "Z" else ()) + (plain.replace("z", "Z"),)]
    return tuple(gap + style for style in both)


def _cut(values: pa.StringArray, width: int) -> tuple[pa.StringArray, pa.StringArray]:
    return pc.utf8_slice_codeunits(values, 0, -width), pc.utf8_slice_codeunits(values, -width)


def _seconds(moments: pa.Array) -> _Integers:
    micros = pc.drop_null(pc.cast(moments, pa.int64())).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.asarray(micros // 1_000_000, dtype=np.int64)
