"""Two whole numbers with a comma between them, as ``18,3`` for 18 reads of one kind and 3 of the other (VCF's AD).

Each of them fits a decimal number with a decimal comma too, which means something else.
"""

import pyarrow as pa
import pyarrow.compute as pc

_LIST = r"^[0-9]+(?:,[0-9]+){2,}$"
_GROUPED = r"^[1-9][0-9]{0,2}(?:,[0-9]{2})*,[0-9]{3}$"
"""Thousands, or lakhs and crores."""
_PAIR = r"^[0-9]+,(?P<second>[0-9]+)$"
_SURE = ((3, 20), (2, 44))
"""Numbers of digits behind the comma that occur at least, and values with two and more: of so many decimals one would
have a 0 behind its comma with 88 %, of 44 with 99 %."""


def are_lists(sample: pa.StringArray) -> bool:
    """Whether each value is a list of three whole numbers or more, as ``0,30,255``, and some are no grouped digits."""
    lists = pc.match_substring_regex(sample, _LIST)
    grouped = pc.match_substring_regex(sample, _GROUPED)
    return len(sample) > 1 and bool(pc.all(lists).as_py()) and not pc.all(grouped).as_py()


def are_pairs(sample: pa.StringArray) -> bool:
    """Whether values are pairs rather than decimals: the second number never begins with a 0, and ends with one.

    Decimals of one length are filled up with zeros, others have none at their end, and one in ten begins with one.
    """
    seconds = pc.struct_field(pc.extract_regex(pc.unique(sample), _PAIR), "second").drop_null()
    longer = seconds.filter(pc.greater(pc.binary_length(seconds), 1))
    if not len(longer) or pc.any(pc.starts_with(longer, "0")).as_py() or not pc.any(pc.ends_with(longer, "0")).as_py():
        return False
    lengths = len(pc.unique(pc.binary_length(seconds)))
    return any(lengths >= least and len(longer) >= values for least, values in _SURE)
