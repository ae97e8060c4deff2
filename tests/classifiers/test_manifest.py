from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from feedback_nlp.classifiers import load
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.manifest import digest, per_language, read, verify
from feedback_nlp.errors import ModelError


def edit(folder: Path, old: str, new: str) -> Path:
    path = folder / "manifest.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_reads_what_is_written(tiny: Path) -> None:
    manifest = read(tiny)
    assert (manifest.name, manifest.version, manifest.languages) == ("tiny", "1", ("zh", "en"))
    assert (manifest.window, manifest.overlap, manifest.most_windows) == (16, 4, 8)
    assert manifest.heads["sentiment"].temperature == {"zh": 1.2, "en": 0.8}
    assert manifest.heads["topics"].threshold["service"] == 0.7
    verify(manifest)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "tiny"', "", "lacks 'name'"),
        ("[window]", "[fenster]", "lacks 'window'"),
        ("tokens = 16", 'tokens = "many"', "not a manifest this version understands"),
        ("overlap = 4", "overlap = 16", "overlap 16 is not below"),
        ('"model.onnx" =', '"other.onnx" =', "no SHA-256 for 'model.onnx'"),
        ('"model.onnx" =', '"../model.onnx" =', "no SHA-256 for 'model.onnx'"),
        ("[heads.leaving]", "[heads.leavings]", "unknown head 'leavings'"),
        ('"neutral", "positive", "mixed"', '"neutral", "positive", "both"', "the sentiment labels are"),
        ("zh = 1.2, en = 0.8", "zh = 0.0, en = 0.8", "temperature of sentiment is not above 0"),
        ("[files]", "[files", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(tiny: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read(edit(tiny, old, new))


def test_a_file_outside_the_folder_is_refused(tiny: Path) -> None:
    with pytest.raises(ModelError, match="must lie in the model's own folder"):
        read(edit(tiny, "[files]", '[files]\n"../secret" = "00"'))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize(("damage", "message"), [(_cut, "damaged or was changed"), (Path.unlink, "lacks")])
def test_a_damaged_or_missing_file_stops_the_first_predict(
    tiny: Path, name: str, damage: Callable[[Path], None], message: str
) -> None:
    damage(tiny / name)
    classifier = load(str(tiny))
    with pytest.raises(ModelError, match=message):
        classifier.predict(["好"])


@pytest.mark.parametrize(
    ("name", "message"), [("model.onnx", "cannot be loaded"), ("tokenizer.json", "is not a tokenizer")]
)
def test_a_file_that_is_something_else(tiny: Path, name: str, message: str) -> None:
    old = digest(tiny / name)
    (tiny / name).write_bytes(b"something else")
    edit(tiny, old, digest(tiny / name))
    with pytest.raises(ModelError, match=message):
        EmbeddedClassifier(tiny).predict(["好"])


def test_a_head_the_network_lacks(tiny: Path) -> None:
    flag = "\n[heads.complaint]"
    network = tiny / "model.onnx"
    old = digest(network)
    network.write_bytes(network.read_bytes().replace(b"complaint", b"compliant"))
    edit(edit(tiny, old, digest(network)), flag, flag)
    with pytest.raises(ModelError, match="no output 'complaint'"):
        EmbeddedClassifier(tiny).predict(["好"])


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no manifest"):
        read(tmp_path)
    with pytest.raises(ModelError, match=r"neither manifest\.toml nor config\.json"):
        load(str(tmp_path))


def test_other_languages_take_the_mean() -> None:
    values = per_language({"zh": 1.0, "en": 3.0}, ["zh", "en", "mixed", "other"], default=9)
    np.testing.assert_array_equal(values, [1, 3, 2, 2])
    rows = per_language({"zh": (0.0, 2.0), "en": (2.0, 4.0)}, ["other", "zh"], default=(0, 0))
    np.testing.assert_array_equal(rows, [[1, 3], [0, 2]])
    assert per_language({}, ["zh"], default=0.5).tolist() == [0.5]
