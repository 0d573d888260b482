"""The files after public reports in ``people/`` of the corpora, and what each one's owner expects of it.

One module holds one kind of fault. The files are read told nothing, without a database; what only a database shows
(which dataset rows join, what SQL can tell) has tests of its own.
"""

from collections.abc import Mapping

from tests.corpus.people import dialects, formats, layouts, meanings, types, workbooks
from tests.corpus.people.expected import Case

CASES: Mapping[str, Case] = {
    **layouts.CASES,
    **dialects.CASES,
    **meanings.CASES,
    **types.CASES,
    **workbooks.CASES,
    **formats.CASES,
}
