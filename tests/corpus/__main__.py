"""``python -m tests.corpus``: load the public corpora, told nothing, and print how faithfully.

Environment: ``CORPUS_DIR`` folder of the corpora (``../shared/data``). Ends with 1 if a figure is below its must.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.corpus import pollock

PROJECT = Path(__file__).resolve().parents[2]
SIMPLE_MUST, WEIGHTED_MUST = 9.92, 9.60
_LISTED = 20


def main() -> int:
    folder = Path(os.environ.get("CORPUS_DIR") or PROJECT.parent / "shared" / "data").resolve()
    if not (folder / "pollock.tar.xz").exists():
        sys.stderr.write(f"There is no pollock.tar.xz in {folder}; name its folder by CORPUS_DIR.\n")
        return 2
    with tempfile.TemporaryDirectory() as home:
        corpus, out = pollock.unpack(folder / "pollock.tar.xz", Path(home)), Path(home) / "out"
        out.mkdir()
        accounts = pollock.load_all(sorted((corpus / "csv").glob("*.csv")), out)
        score = pollock.score(folder / "score_pollock.py", corpus, out)
    wrong = [account for account in accounts if not account.adds_up]
    sys.stdout.write(
        f"Pollock, told nothing, all text: {score.files:,} files\n"
        f"  simple    {score.simple:7.4f} of 10   (must {SIMPLE_MUST})\n"
        f"  weighted  {score.weighted:7.4f} of 10   (must {WEIGHTED_MUST})\n"
        f"  lines accounted for in {len(accounts) - len(wrong):,} of {len(accounts):,} files\n"
        f"  refused: {', '.join(f'{a.name} ({a.refused})' for a in accounts if a.refused) or 'none'}\n"
    )
    for account in wrong[:_LISTED]:
        sys.stdout.write(f"  does not add up: {account}\n")
    return int(bool(wrong) or score.simple < SIMPLE_MUST or score.weighted < WEIGHTED_MUST)


if __name__ == "__main__":
    sys.exit(main())
