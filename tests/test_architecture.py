"""The rules of ARCHITECTURE.md that a machine can check: who may import whom, and what each part may load."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "feedback_nlp"
ORDER = [
    {"errors"},
    {"records", "ledger"},
    {"text"},
    {"taxonomy"},
    {"collectors", "classifiers", "kpis"},
    {"annotate"},
    {"signals"},
    {"triage"},
    {"engines"},
    {"reports"},
    {"training"},
    {"cli"},
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
HOMES = {  # heavy library → the only places that may import it
    "torch": ("classifiers/hub", "training/"),
    "transformers": ("classifiers/hub", "training/"),
    "pyspark": ("engines/spark",),
    "typer": ("cli/",),
    "rich": ("cli/", "reports/tables"),
    "holidays": ("kpis/business",),
    "pickle": (),
}
SOURCES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
)


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules a file imports anywhere, those for type checking only left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(path: Path) -> str:
    """The top-level part of the package a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    own = part(path)
    assert own in RANK, f"{own} has no place in the import order: give it one in ARCHITECTURE.md and here"
    for module in imports(path):
        if not module.startswith("feedback_nlp."):
            continue
        other = module.split(".")[1]
        if other in RANK and other != own:
            assert RANK[other] < RANK[own], f"{own} may not import {other}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_stay_in_their_homes(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for module in imports(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or place.startswith(homes), f"{place} may not import {module}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_and_reads_the_environment(path: Path) -> None:
    if part(path) == "cli" or path.name == "__main__.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "breakpoint", "eval", "exec"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("sys", "argv")}, f"line {node.lineno}"


def loaded_after(statement: str) -> set[str]:
    """Top-level modules loaded in a fresh interpreter after a statement."""
    code = (
        f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {
    "torch",
    "transformers",
    "pyspark",
    "spacy",
    "jieba",
    "onnxruntime",
    "polars",
    "duckdb",
    "scipy",
    "sklearn",
}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_after("import feedback_nlp") & (HEAVY | {"pandas", "numpy", "pyarrow"})


def test_the_help_page_loads_nothing_heavy() -> None:
    statement = "import sys; sys.argv = ['feedback-nlp', '--help']\nfrom feedback_nlp.cli import app\ntry:\n    app()\nexcept SystemExit:\n    pass"
    assert not loaded_after(statement) & (HEAVY | {"pandas", "numpy", "pyarrow"})


def test_the_public_names_are_few_and_all_there() -> None:
    import feedback_nlp

    assert len(feedback_nlp.__all__) <= 12
    for name in feedback_nlp.__all__:
        assert getattr(feedback_nlp, name) is not None


def test_files_stay_small() -> None:
    long = {
        str(p.relative_to(PACKAGE)): n
        for p in SOURCES
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long, f"split these files: {long}"


def test_a_verb_stays_a_verb_when_its_submodule_was_imported_first() -> None:
    statement = (
        "import feedback_nlp.annotate, feedback_nlp.triage, feedback_nlp as fb\n"
        "assert callable(fb.annotate) and callable(fb.triage)\n"
        "assert fb.annotate(['送得快'])['sentiment'].notna().all()"
    )
    assert "feedback_nlp" in loaded_after(statement)
