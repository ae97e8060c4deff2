"""The report as a file: one piece, well formed, in both languages."""

from __future__ import annotations

import pytest

from feedback_nlp.reports import html


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_writes_a_report_in_both_languages(samples, tmp_path, lang):
    path = html.write(samples.analysis(), tmp_path / "report.html", lang=lang)
    assert path.stat().st_size < 2_000_000
