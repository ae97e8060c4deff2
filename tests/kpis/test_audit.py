"""The audit sample: drawn by known probabilities, written for a spreadsheet, read back with every value checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import FormatError, InputError, SchemaError, UnknownName, UsageError
from feedback_nlp.kpis import audit
from feedback_nlp.kpis.audit import label
from feedback_nlp.kpis.audit.draw import allocate, uncertainty


def labelled(rows=2000, *, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.beta(0.3, 0.8, rows)
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(rows)],
            "source": "dump.csv",
            "row": range(1, rows + 1),
            "text": [f"送餐慢了 {i}" for i in range(rows)],
            "set_aside": [None] * rows,
            "p_negative": p,
            "p_positive": 1 - p,
            "p_complaint": p**2,
            "product": rng.choice(["茶", "coffee", "cake"], rows, p=[0.8, 0.17, 0.03]),
        }
    )


def test_the_draw_is_exact_seeded_and_weighs_back_to_the_population():
    frame = labelled()
    sample = audit.draw(frame, n=300, seed=4)
    assert len(sample) == 300
    assert sample["row"].is_unique
    assert sample["weight"].sum() == pytest.approx(len(frame))
    assert (sample["probability"] * sample["weight"]).to_numpy() == pytest.approx(1)
    pd.testing.assert_frame_equal(sample, audit.draw(frame, n=300, seed=4))
    assert set(sample["row"]) != set(audit.draw(frame, n=300, seed=5)["row"])


def test_every_row_of_a_stratum_is_drawn_equally_often():
    frame = labelled(400)
    counts = np.zeros(400)
    for seed in range(400):
        sample = audit.draw(frame, n=100, seed=seed)
        counts[sample["row"] - 1] += sample["weight"]
    assert counts.mean() / 400 == pytest.approx(1)
    assert np.std(counts / 400) < 0.15


def test_unsure_rows_are_drawn_more_often():
    frame = labelled()
    sample = audit.draw(frame, n=300)
    assert uncertainty(sample.merge(frame)).mean() > 1.3 * uncertainty(frame).mean()


def test_what_is_set_aside_is_never_drawn():
    frame = labelled(200).assign(set_aside=["spam"] * 100 + [None] * 100)
    assert audit.draw(frame, n=50)["row"].min() > 100


def test_a_small_group_gets_a_fair_part():
    sample = audit.draw(labelled(), n=300, by=["product"])
    counts = sample["product"].value_counts()
    assert counts["cake"] > 25
    assert counts.sum() == 300
    assert sample.groupby("stratum")["product"].nunique().max() == 1


def test_more_labels_than_rows_takes_them_all():
    sample = audit.draw(labelled(40), n=300)
    assert sorted(sample["row"]) == list(range(1, 41))
    assert set(sample["probability"]) == {1.0}


def test_a_model_without_probabilities_still_gives_a_sample():
    frame = labelled(500).drop(columns=["p_negative", "p_positive", "p_complaint"])
    assert audit.draw(frame, n=60)["weight"].sum() == pytest.approx(500)


def test_draw_refuses_what_cannot_be():
    with pytest.raises(SchemaError, match="text"):
        audit.draw(labelled(10).drop(columns=["text"]))
    with pytest.raises(UsageError, match="set aside"):
        audit.draw(labelled(10).assign(set_aside="spam"))
    with pytest.raises(UsageError, match="less than two each"):
        audit.draw(labelled(100), n=5, by=["product"])


@given(
    size=st.lists(st.integers(2, 400), min_size=1, max_size=12),
    seed=st.integers(0, 10**6),
    part=st.floats(0, 1),
)
@settings(max_examples=80, deadline=None)
def test_allocation_adds_up(size, seed, part):
    size = np.array(size)
    n = 2 * len(size) + int(part * (size.sum() - 2 * len(size)))
    given_ = allocate(n, np.random.default_rng(seed).random(len(size)) + 1e-3, size)
    assert given_.sum() == n
    assert (given_ <= size).all()
    assert (given_ >= 2).all()


def test_allocation_by_hand():
    assert allocate(60, np.array([1.0, 2.0, 3.0]), np.array([1000, 1000, 1000])).tolist() == [10, 20, 30]
    assert allocate(60, np.array([1.0, 2.0, 97.0]), np.array([1000, 1000, 20])).tolist() == [13, 27, 20]


def written(tmp_path, *, n=20):
    path = tmp_path / "audit.csv"
    notes = audit.write(audit.draw(labelled(), n=n), path)
    return path, notes


def edit(path, change, *, encoding="utf-8-sig"):
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(sheet)
    sheet.to_csv(path, index=False, encoding=encoding)


def test_a_sheet_goes_out_and_comes_back(tmp_path):
    path, notes = written(tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "从上往下填" in notes.read_text(encoding="utf-8-sig")

    def answer(sheet):
        assert "sentiment (n/0/p/m)" in sheet.columns
        sheet.loc[0, ["sentiment (n/0/p/m)", "complaint (y/n)", "severity (0/1/2/3)"]] = ["N ", "是", "2"]
        sheet.loc[1, ["sentiment (n/0/p/m)", "complaint (y/n)"]] = ["正面", "no"]
        sheet.loc[2, "leaving (y/n)"] = "y"

    edit(path, answer)
    back = audit.read(path)
    assert back["sentiment"].tolist()[:3] == ["negative", "positive", None]
    assert back["complaint"].tolist()[:3] == [True, False, None]
    assert back["severity"].tolist()[:3] == [2, 0, None]  # what is no complaint has severity 0
    assert back["leaving"].notna().sum() == 1
    assert back["stratum_size"].dtype == "int64"


def test_what_excel_saves_is_read(tmp_path):
    path, _ = written(tmp_path)
    edit(path, lambda sheet: sheet.__setitem__("complaint (y/n)", "y"), encoding="gb18030")
    assert audit.read(path)["complaint"].all()
    book = tmp_path / "audit.xlsx"
    pd.read_csv(path, dtype=str, keep_default_na=False, encoding="gb18030").to_excel(book, index=False)
    assert audit.read(book)["complaint"].all()
    text = path.read_text(encoding="gb18030").replace(",", ";")
    path.write_text(text, encoding="utf-8")
    assert audit.read(path)["complaint"].all()


def test_a_text_is_never_a_formula(tmp_path):
    path = tmp_path / "audit.csv"
    audit.write(audit.draw(labelled(30).assign(text="=HYPERLINK(1)"), n=5), path)
    assert not pd.read_csv(path)["text"].str.startswith("=").any()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("sentiment (n/0/p/m)", "x", r"row 3 .*sentiment is 'x'.*Allowed: n, 0, p, m"),
        ("severity (0/1/2/3)", "4", r"row 3 .*severity is '4'"),
        ("stratum_size", "many", r"row 3: stratum_size is 'many'"),
    ],
)
def test_a_wrong_value_names_its_row(tmp_path, column, value, says):
    path, _ = written(tmp_path)

    def change(sheet):
        sheet["complaint (y/n)"] = "y"
        sheet.loc[2, column] = value

    edit(path, change)
    with pytest.raises(FormatError, match=says):
        audit.read(path)


def test_an_empty_damaged_or_absent_sheet_says_what_to_do(tmp_path):
    path, _ = written(tmp_path)
    with pytest.raises(InputError, match="no labels yet"):
        audit.read(path)
    edit(path, lambda sheet: sheet.drop(columns=["stratum"], inplace=True))
    with pytest.raises(FormatError, match="stratum"):
        audit.read(path)
    with pytest.raises(InputError, match="Check the path"):
        audit.read(tmp_path / "none.csv")


def pressed(state, keys):
    for key in keys:
        state = label.press(state, key)
    return state


def test_labelling_asks_skips_undoes_and_resumes(tmp_path):
    path, _ = written(tmp_path, n=4)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    sample = audit.draw(labelled(), n=4)
    assert len(sheet) == 4
    state = label.start(sample)
    assert state.asking[1].column == "sentiment"
    state = pressed(state, "n?y")  # a key that means nothing changes nothing
    assert (state.asking[0], state.asking[1].column) == (0, "severity")
    state = pressed(state, "2un")  # the severity is taken back; n is no severity
    assert state.asking[1].column == "severity"
    state = pressed(state, "2yn")
    assert (state.asking[0], state.done) == (1, 1)
    state = pressed(state, "pnny")  # no complaint: severity is not asked
    assert (state.asking[0], state.done) == (2, 2)
    state = pressed(state, "sq")
    assert state.asking is None

    audit.write(label.fill(sample, state), path)
    again = label.start(audit.read(path))
    assert again.done == 2
    assert (again.asking[0], again.asking[1].column) == (2, "sentiment")
    full = pressed(again, "0nnn" * 2)
    assert full.asking is None
    assert full.done == 4
    assert label.fill(sample, full)["severity"].tolist() == [2, 0, 0, 0]


def test_undo_at_the_start_and_keys_at_the_end_do_nothing():
    state = label.start(audit.draw(labelled(), n=2), columns=["complaint"])
    assert label.press(state, "u") == state
    end = pressed(state, "yn")
    assert end.asking is None
    assert label.press(end, "y") == end
    assert label.press(end, "u").asking[0] == 1


def test_an_unknown_label_is_refused():
    with pytest.raises(UnknownName, match="complaint"):
        label.start(audit.draw(labelled(), n=2), columns=["complain"])


@given(keys=st.lists(st.sampled_from("n0pmy123usx"), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_keys_lead_to_allowed_labels(keys):
    sample = audit.draw(labelled(50), n=3)
    state = pressed(label.start(sample), keys)
    filled = label.fill(sample, state)
    assert set(filled["sentiment"].dropna()) <= {"negative", "neutral", "positive", "mixed"}
    assert set(filled["complaint"].dropna()) <= {True, False}
    assert 0 <= state.done <= 3
