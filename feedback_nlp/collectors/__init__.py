"""Collectors: a dump in, frames of one schema out.

`sources` names what to read, `formats` turns bytes into tables of text, `platforms` and `columns` say which header holds
what, `values` reads the cells, `marks` says which rows do not count, and `read` does all of it as a stream.
"""

from __future__ import annotations

from feedback_nlp.collectors.check import Check, check
from feedback_nlp.collectors.marks import mark
from feedback_nlp.collectors.reading import Reading, read

__all__ = ["Check", "Reading", "check", "mark", "read"]
