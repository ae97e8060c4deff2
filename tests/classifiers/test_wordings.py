"""Votes of wordings: added up as the formula says, kept by a file, read beside a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.classifiers import wordings
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.grams import grams
from feedback_nlp.classifiers.manifest import digest
from feedback_nlp.classifiers.wordings import Known, Wordings, moved
from feedback_nlp.errors import ModelError

WORDS = ("good", "bad", "slow")
SMALL = st.floats(-8, 8, width=32)


def made(*, moves: dict[str, np.ndarray] | None = None) -> Wordings:
    """Two questions over three words: is it good, is it slow."""
    hashes = {word: grams([word])[0][0] for word in WORDS}
    order = sorted(WORDS, key=lambda word: hashes[word])
    weights = {"good": (100, 0), "bad": (-50, 0), "slow": (0, 127)}
    return Wordings(
        Known(np.array([hashes[word] for word in order]), np.array([1.0, 1.0, 2.0], np.float32)),
        np.array([weights[word] for word in order], np.int8),
        np.array([0.1, 0.02], np.float32),
        np.array([0.5, -1.0], np.float32),
        moves or {"sentiment": np.array([[-0.5, 0, 0.5, 0], [0, 0, 0, 0]], np.float32)},
    )


def test_a_vote_is_the_weights_by_rarity_at_length_one() -> None:
    said = made()
    rarity = dict(zip(said.known.hashes.tolist(), said.known.rarity.tolist(), strict=True))
    good, slow = (rarity[int(grams([word])[0][0])] for word in ("good", "slow"))
    length = np.hypot(good, slow)
    votes = said.votes(["so good and slow, good", "nothing known", ""])
    assert votes[0, 0] == pytest.approx(10.0 * good / length + 0.5, abs=1e-4)
    assert votes[0, 1] == pytest.approx(2.54 * slow / length - 1.0, abs=1e-4)
    np.testing.assert_allclose(votes[1:], [[0.5, -1.0]] * 2)
    assert said.votes([]).shape == (0, 2)


def test_parts_of_a_batch_change_no_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["good", "", "bad " * 9, "slow good", "好"] * 7
    whole = made().votes(texts)
    monkeypatch.setattr(wordings, "_AT_ONCE", 12)
    np.testing.assert_array_equal(made().votes(texts), whole)


def test_the_end_of_a_huge_text_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordings, "_LONGEST", 9)
    np.testing.assert_array_equal(made().votes(["good day  bad"]), made().votes(["good day"]))


@given(st.lists(SMALL, min_size=4, max_size=4), SMALL)
def test_a_vote_for_a_pole_leaves_the_odds_of_the_middle(scores: list[float], vote: float) -> None:
    before = {"sentiment": np.array([scores], np.float32), "other": np.ones((1, 2), np.float32)}
    after = moved(before, np.array([[vote, 3.0]], np.float32), made().moves)
    old, new = before["sentiment"][0], after["sentiment"][0]
    assert new[2] - new[0] == pytest.approx(old[2] - old[0] + vote, abs=1e-3)
    np.testing.assert_array_equal(new[[1, 3]], old[[1, 3]])
    assert np.logaddexp(new[0], new[2]) == pytest.approx(np.logaddexp(old[0], old[2]), abs=1e-3)
    np.testing.assert_array_equal(after["other"], before["other"])


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    wordings.write(tmp_path / wordings.FILE, made())
    found = wordings.read(tmp_path / wordings.FILE)
    texts = ["good and slow", "bad", "差"]
    np.testing.assert_allclose(found.votes(texts), made().votes(texts), rtol=1e-3)
    np.testing.assert_array_equal(found.moves["sentiment"], made().moves["sentiment"])


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / wordings.FILE).write_bytes(b"not an archive")
    with pytest.raises(ModelError, match=r"wordings\.npz cannot be read"):
        wordings.read(tmp_path / wordings.FILE)


def test_a_model_reads_them_beside_its_network(tiny: Path) -> None:
    texts = ["good", "so slow", "the long way round " * 9 + "good"]
    plain = EmbeddedClassifier(tiny, threads=1).read(texts)
    wordings.write(tiny / wordings.FILE, made(moves={"complaint": np.array([[-1.0], [1.0]], np.float32)}))
    manifest = tiny / "manifest.toml"
    listed = f'[files]\n"{wordings.FILE}" = "{digest(tiny / wordings.FILE)}"\n'
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("[files]\n", listed), encoding="utf-8")
    model = EmbeddedClassifier(tiny, threads=1)
    seen = model.read(texts)
    temperature = model.manifest.heads["complaint"].temperature["en"]
    votes = made().votes(texts)[seen.rows.over.owner] @ np.array([-1.0, 1.0]) / temperature
    np.testing.assert_allclose(seen.scores["complaint"] - plain.scores["complaint"], votes, atol=1e-2)
    np.testing.assert_array_equal(seen.scores["severity"], plain.scores["severity"])
    assert len(seen.rows.over.owner) > len(texts)
