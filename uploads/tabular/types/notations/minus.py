"""Signs that people write for a minus: that of mathematics, and the dashes that word processors put in its place."""

HYPHEN = "-"
"""The one that numbers have in files for machines."""
OTHERS = (
    "\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}"
    "\N{SMALL HYPHEN-MINUS}\N{FULLWIDTH HYPHEN-MINUS}"
)
MINUS = HYPHEN + OTHERS
"""All of them, with the hyphen first, as a class of a regular expression wants it."""
TO_HYPHEN = str.maketrans(dict.fromkeys(OTHERS, HYPHEN))
