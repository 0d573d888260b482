"""What several readings ask about the same values, worked out once and only when asked."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


class Facts:
    """Some values of a column: no blanks, no nulls, no outer spaces; at least one."""

    def __init__(self, values: pa.StringArray) -> None:
        self.values = values
        self._matches: dict[str, bool] = {}
        self.moments_of: dict[str, pa.TimestampArray] = {}
        """What the values are by each pattern with one offset from UTC that was found to fit them all."""
        self.zoned: dict[str, tuple[pa.TimestampArray, npt.NDArray[np.int64]]] = {}
        """The same by patterns whose offset changes, with the offset of each, in seconds."""

    @cached_property
    def integers(self) -> pa.Int64Array | None:
        """The values as integers, if all are plain ones."""
        return integers_of(self.values)

    @cached_property
    def largest(self) -> int:
        """Largest integer, sign dropped."""
        bounds: dict[str, int] = pc.min_max(self.integers).as_py()
        return max(abs(bounds["min"]), abs(bounds["max"]))

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest value."""
        return int(pc.max(pc.binary_length(self.values)).as_py())

    def all_match(self, regex: str) -> bool:
        """Whether every value matches; each expression runs once."""
        if regex not in self._matches:
            self._matches[regex] = bool(pc.all(pc.match_substring_regex(self.values, regex)).as_py())
        return self._matches[regex]

    @cached_property
    def floats(self) -> pa.DoubleArray | None:
        """The values as floats, if all are written as such."""
        return pc.cast(self.values, pa.float64()) if self.all_match(FLOAT) else None

    @cached_property
    def float_texts(self) -> pa.StringArray | None:
        """The floats as ``float_texts`` prints them."""
        return None if self.floats is None else float_texts(self.floats)

    @cached_property
    def moments(self) -> pa.TimestampArray | None:
        """The values as moments, if Arrow's parser takes them all: ISO 8601 without a zone."""
        try:
            return pc.cast(self.values, pa.timestamp("us"))
        except pa.ArrowInvalid:
            return None


FLOAT = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$"


def float_texts(floats: pa.DoubleArray) -> pa.StringArray:
    """The shortest decimals that read back as the same floats, as Python's repr but without ``.0``.

    Arrow prints them in a third of the time (110 ns a value), but sets exponents elsewhere than Python: from 1e10 and
    below 1e-6. Those values are printed by Python.
    """
    texts = pc.cast(floats, pa.string())
    size = pc.abs(floats)
    same = pc.or_(pc.and_(pc.greater_equal(size, 1e-4), pc.less(size, 1e10)), pc.equal(size, 0))
    other = pc.fill_null(pc.invert(same), fill_value=False)
    if not pc.any(other).as_py():
        return texts
    printed = (repr(value).removesuffix(".0") for value in floats.filter(other).to_pylist())
    return pc.replace_with_mask(texts, other, pa.array(printed, pa.string()))


def integers_of(values: pa.StringArray) -> pa.Int64Array | None:
    """The values as 64-bit integers if every one is written in the one plain way; else nothing.

    Arrow's cast also takes ``007``, ``-0`` and ``0x1F``. The plain form is the shortest, so that comparing the sum of
    lengths finds any other: 15 ns a value, where printing back and comparing takes 40.
    """
    text = _bytes_of(values)
    # Looked at first, because a cast that fails takes 1,400 ns a value.
    if len(text) and (text.max() > ord("9") or np.count_nonzero((text < ord("0")) & (text != ord("-")))):
        return None
    try:
        integers = pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return None
    numbers = integers.drop_null().to_numpy()
    negative = int(np.count_nonzero(numbers < 0))
    # The absolute value of the smallest integer fits unsigned only.
    sizes = np.abs(numbers).view(np.uint64) if negative else numbers
    plain = len(numbers) + negative
    largest, power = int(sizes.max(initial=0)), 10
    while power <= largest:
        plain += int(np.count_nonzero(sizes >= power))
        power *= 10
    return integers if plain == len(text) else None


def _bytes_of(values: pa.StringArray) -> npt.NDArray[np.uint8]:
    """The text of all values, one after the other."""
    if not len(values):
        return np.empty(0, dtype=np.uint8)
    _, offsets, text = values.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(text, dtype=np.uint8)[bounds[0] : bounds[-1]] if text else np.empty(0, dtype=np.uint8)
