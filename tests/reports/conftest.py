"""The made-up analysis every test of the report may use, and a strict reader of the page."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

VOID = {"meta", "br", "hr", "img", "link", "input"}


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The module that makes analyses."""
    spec = importlib.util.spec_from_file_location("report_samples", Path(__file__).with_name("samples.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Page:
    """A page as a strict reader sees it. `faults` are end tags that match nothing, and attributes given twice."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def within(self, name: str) -> list[str]:
        return self.texts.get(name, [])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.page.faults.append(f"<{tag}> repeats an attribute")
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"</{tag}> closes nothing that is open")

    def handle_data(self, data: str) -> None:
        for name in set(self.open):
            self.page.texts.setdefault(name, []).append(data)


@pytest.fixture(scope="session")
def read() -> Callable[[str], Page]:
    """Reads a page; elements left open are faults too."""

    def read_page(text: str) -> Page:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        reader.page.faults += [f"<{tag}> is never closed" for tag in reader.open]
        return reader.page

    return read_page
