from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import records
from feedback_nlp.errors import InputError, UnknownName
from feedback_nlp.kpis import orders
from feedback_nlp.kpis.orders.reading import COLUMNS
from feedback_nlp.text.privacy import hash_author

HEADERS = [
    (["买家会员名", "订单付款时间", "买家实际支付金额", "订单编号", "订单状态"], ("买家会员名", "订单付款时间", "买家实际支付金额")),
    (["用户ID", "下单时间", "订单金额(元)"], ("用户ID", "下单时间", "订单金额(元)")),
    (["order_id", "customer_id", "order_purchase_timestamp", "payment_value"], ("customer_id", "order_purchase_timestamp", "payment_value")),
    (["Order ID", "Customer ID", "Order Date", "Sales"], ("Customer ID", "Order Date", "Sales")),
    (["会员卡号", "消费日期", "消费金额"], ("会员卡号", "消费日期", "消费金额")),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "expected"), HEADERS)
def test_columns_are_found_by_their_names(headers: list[str], expected: tuple[str, ...]) -> None:
    found = orders.read(pd.DataFrame({h: ["1"] for h in headers})).mapping
    assert (found["customer"], found["time"], found["amount"]) == expected


def test_quantity_and_unit_price_stand_in_for_the_amount() -> None:
    frame = pd.DataFrame(
        {"InvoiceNo": ["9", "9", "C1"], "CustomerID": [17850.0, 17850.0, 3.0], "InvoiceDate": "12/1/2010 8:26", "Quantity": [6, 2, -1], "UnitPrice": [2.5, 1.0, 4.0]}
    )  # fmt: skip
    got = orders.read(frame, tz="UTC")
    assert got.frame["amount"].tolist() == [17.0]
    assert got.frame["customer"].tolist() == ["17850"]
    assert got.left_out == {"refund": 1}


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-03-01 08:30:00", "2024-03-01T00:30Z"),
        ("2024/3/1 8:30", "2024-03-01T00:30Z"),
        ("2024年3月1日 08时30分", "2024-03-01T00:30Z"),
        ("20240301", "2024-02-29T16:00Z"),
        ("2024-03-01T00:30:00Z", "2024-03-01T00:30Z"),
        ("2024-03-01T02:30:00+02:00", "2024-03-01T00:30Z"),
        ("1709253000", "2024-03-01T00:30Z"),
        ("1709253000000", "2024-03-01T00:30Z"),
        ("45352.354166667", "2024-03-01T00:30Z"),
    ],
)
def test_times_as_shops_write_them(written: str, utc: str) -> None:
    got = orders.read(pd.DataFrame({"customer": ["a"], "time": [written], "amount": ["1"]}))
    assert got.frame["time"].iloc[0] == pd.Timestamp(utc)


def test_native_times_are_taken_as_they_are() -> None:
    times = pd.to_datetime(["2024-03-01 08:30"])
    for column in (times, times.tz_localize("Asia/Shanghai"), records.column_of([times[0].tz_localize("Asia/Shanghai")], records.TIMESTAMP, name="t")):  # fmt: skip
        got = orders.read(pd.DataFrame({"customer": ["a"], "time": column, "amount": [1.5]}))
        assert got.frame["time"].iloc[0] == pd.Timestamp("2024-03-01T00:30Z")


@pytest.mark.parametrize(
    ("written", "amount"), [("¥1,299.00", 1299.0), ("88元", 88.0), ("12.5", 12.5), ("USD 7", 7.0), ("0", 0.0)]
)
def test_amounts_as_shops_write_them(written: str, amount: float) -> None:
    got = orders.read(pd.DataFrame({"customer": ["a"], "time": ["2024-03-01"], "amount": [written]}))
    assert got.frame["amount"].tolist() == [amount]


def test_every_line_is_kept_or_counted_as_left_out() -> None:
    frame = pd.DataFrame(
        {
            "customer": ["a", None, "b", "c", "d", "e", " "],
            "time": [
                "2024-01-01",
                "2024-01-01",
                "some day",
                "2024-01-01",
                "2024-01-01",
                "2024-01-01",
                "2024-01-01",
            ],
            "amount": ["1", "1", "1", "?", "(5.00)", "1", "1"],
            "status": ["done", "done", "done", "done", "done", "交易关闭", "done"],
        }
    )
    got = orders.read(frame)
    assert got.left_out == {
        "no customer": 2,
        "no readable time": 1,
        "no readable amount": 1,
        "refund": 1,
        "cancelled": 1,
    }
    assert got.rows == len(got.frame) + got.left_out.total()


def test_customers_are_hashed_like_authors() -> None:
    frame = pd.DataFrame({"customer": ["张三"], "time": ["2024-01-01"], "amount": ["1"]})
    assert orders.read(frame, author_key=b"k").frame["customer"].tolist() == [hash_author("张三", key=b"k")]


def test_the_frame_has_the_declared_columns_also_when_empty() -> None:
    got = orders.read(pd.DataFrame({"customer": [], "time": [], "amount": []}))
    assert {name: got.frame[name].dtype for name in got.frame} == {
        c.name: records.dtype_of(c.type) for c in COLUMNS
    }
    assert got.until is None


def test_the_day_is_that_of_the_zone() -> None:
    frame = pd.DataFrame({"customer": ["a"], "time": ["2024-01-01T20:00:00Z"], "amount": ["1"]})
    assert orders.read(frame, tz="Asia/Shanghai").until == date(2024, 1, 2)


def test_wrong_use_is_told() -> None:
    frame = pd.DataFrame({"customer": ["a"], "when": ["2024-01-01"], "amount": ["1"]})
    with pytest.raises(InputError, match=r"time of an order.*time=COLUMN"):
        orders.read(frame)
    with pytest.raises(InputError, match="amount"):
        orders.read(frame.drop(columns="amount"), columns={"time": "when"})
    with pytest.raises(UnknownName, match="Did you mean 'when'"):
        orders.read(frame, columns={"time": "wen"})
    with pytest.raises(UnknownName, match="part of an order"):
        orders.read(frame, columns={"tmie": "when"})
    with pytest.raises(UnknownName, match="time zone"):
        orders.read(frame, columns={"time": "when"}, tz="Mars/Base")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=4), st.text(max_size=12), st.text(max_size=8)), max_size=6))
def test_any_text_is_an_order_or_counted(rows: list[tuple[str, str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["customer", "time", "amount"], dtype="object")
    got = orders.read(frame)
    assert len(got.frame) + got.left_out.total() == len(rows)
