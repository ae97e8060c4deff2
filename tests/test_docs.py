"""The documents keep up with the program: every command is named, every option exists, every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from feedback_nlp.cli import app

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh.md"]
PAGES = [
    *READMES,
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/*.md")),
]


def commands(group: typer.main.TyperGroup, path: str = "") -> Iterator[tuple[str, typer.main.TyperCommand]]:
    """Every command with its full name."""
    for name, command in group.commands.items():
        full = f"{path} {name}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, full)
        yield full, command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_in_the_readme(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if f"feedback-nlp {name}" not in text and f"`{name}`" not in text]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_every_command_line_shown_can_be_typed(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for line in re.findall(r"^\s*(?:\$ )?feedback-nlp ([^\n#]+)", text, flags=re.MULTILINE):
        words = line.split()
        name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
        if words[0].startswith("-"):
            continue
        assert name in COMMANDS, f"{page}: no command {name!r}"
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts} | {"--help"}
        for option in (word.split("=")[0] for word in words if word.startswith("--")):
            assert option in known, f"{page}: {name} has no option {option}"


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_make_targets_named_in_the_documents_exist() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    for page in PAGES:
        for name in re.findall(
            r"\bmake ([a-z]+)\b", (ROOT / page).read_text(encoding="utf-8").replace("make sense", "")
        ):
            if f"`make {name}" in (ROOT / page).read_text(encoding="utf-8"):
                assert name in targets, f"{page} names `make {name}`"
