"""The house keeps its measures: no folder too full, no module too long, no function."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[3]
MOST_MODULES, MOST_LINES, MOST_LINES_OF_FUNCTION = 18, 350, 50
MODULES = [path for root in ("uploads", "uploader_project") for path in sorted((PROJECT / root).rglob("*.py"))]
OURS = [path for path in MODULES if path.parent.name != "migrations"]
"""Migrations are a diary, and Django keeps them in one folder."""


def test_no_folder_has_more_modules_than_one_can_take_in() -> None:
    folders = Counter(path.parent.relative_to(PROJECT) for path in OURS if path.name != "__init__.py")
    assert len(folders) > 50
    assert {str(folder): count for folder, count in folders.items() if count > MOST_MODULES} == {}


def test_no_module_is_longer_than_one_reads_at_a_sitting() -> None:
    lengths = {str(path.relative_to(PROJECT)): path.read_text().count("\n") for path in OURS}
    assert {path: lines for path, lines in lengths.items() if lines >= MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    found = {f"{path.relative_to(PROJECT)}: {name}": lines for path in OURS for name, lines in functions(path)}
    assert {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_FUNCTION} == {}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
