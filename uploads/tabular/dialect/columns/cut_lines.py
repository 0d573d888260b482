"""Lines that are cut into cells at places: each is written anew as a line of any CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, written


@dataclass(frozen=True, kw_only=True, slots=True)
class CutLines(LineForm):
    """Each line stands for itself; whoever inherits from it says which ``cells`` one has."""

    steps: tuple[Step, ...] = ()

    def start(self) -> Rewriter:
        return self._cut

    def _cut(self, lines: bytes, *, final: bool) -> bytes:
        done = []
        for line in LINE.findall(lines):
            body = line.rstrip(b"\r\n")
            cells = self.cells(body.decode("utf-8", "surrogateescape"))
            done.append(written(cells).encode("utf-8", "surrogateescape") + line[len(body) :])
        return b"".join(done)

    def cells(self, line: str) -> Sequence[str]:
        """Of a line without its end; none of one that is no row."""
        raise NotImplementedError
