"""Times: every form met in real dumps, by table; the laws of the column's style."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.collectors.values import times

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 4, 20, 12, 0, tzinfo=SHANGHAI)
STYLE = times.Style(SHANGHAI, now=NOW)

ABSOLUTE = [
    ("2025年2月5日 · 10ml*30支/盒 x 2盒", "2025-02-05 00:00:00"),
    ("2024年12月15日 ·", "2024-12-15 00:00:00"),
    ("2023年07月01日 10:20", "2023-07-01 10:20:00"),
    ("2024年3月12日 星期二 下午3:05", "2024-03-12 15:05:00"),
    ("2026/4/14 14:25:10", "2026-04-14 14:25:10"),
    ("2023/12/2 09:45", "2023-12-02 09:45:00"),
    ("2018-05-02 07:46", "2018-05-02 07:46:00"),
    ("2018.5.2", "2018-05-02 00:00:00"),
    ("20230501", "2023-05-01 00:00:00"),
    ("20230501123015", "2023-05-01 12:30:15"),
    ("发表于 2023-05-01 08:00", "2023-05-01 08:00:00"),
    ("2023-5-3 12:12来自北京", "2023-05-03 12:12:00"),
    ("2019-4-5 上午12:20", "2019-04-05 00:20:00"),
    ("2019-4-5 24:00", "2019-04-06 00:00:00"),
    ("March 12, 2024", "2024-03-12 00:00:00"),
    ("Sept 4th, 2015", "2015-09-04 00:00:00"),
    ("8 May 2023 at 10:20 PM", "2023-05-08 22:20:00"),
    ("Jul 31, 2018 10:12 AM", "2018-07-31 10:12:00"),
    ("31-Jul-18", "2018-07-31 00:00:00"),
    ("09 4, 2015", "2015-09-04 00:00:00"),
    ("Reviewed in the United States on March 12, 2024", "2024-03-12 00:00:00"),
    ("Reviewed in the United Kingdom 🇬🇧 on 12 March 2024", "2024-03-12 00:00:00"),
    ("Date of experience: March 02, 2024", "2024-03-02 00:00:00"),
    ("２０２４－０３－１２", "2024-03-12 00:00:00"),
    ("24-3-1 12:30", "2024-03-01 12:30:00"),  # a last number of one digit is no year
    ("45000.5", "2023-03-15 12:00:00"),  # days since 1899-12-30
]
WITH_ZONE = [
    ("2024-04-03T23:37:30.000Z", "2024-04-03 23:37:30"),
    ("2024-04-03T23:37:30+00:00", "2024-04-03 23:37:30"),
    ("2015-02-24 11:35:52 -0800", "2015-02-24 19:35:52"),
    ("Tue Feb 24 11:35:52 -0800 2015", "2015-02-24 19:35:52"),
    ("Wed Oct 11 06:55:44 +0000 2017", "2017-10-11 06:55:44"),
    ("Tue, 24 Feb 2015 11:35:52 +0100", "2015-02-24 10:35:52"),
    ("2024-05-01 09:00:00 UTC", "2024-05-01 09:00:00"),
    ("2024/03/01 9:15:20 AM GMT+8", "2024-03-01 01:15:20"),
    ("2024/03/01 9:15:20 PM GMT-5", "2024-03-02 02:15:20"),
    ("2024-03-01 09:15 UTC+5:30", "2024-03-01 03:45:00"),
    ("Sun Mar 10 2024 10:11:12 GMT+0800 (China Standard Time)", "2024-03-10 02:11:12"),
    ("/Date(1683452764000)/", "2023-05-07 09:46:04"),
    ("1683452764", "2023-05-07 09:46:04"),
    ("1683452764.0", "2023-05-07 09:46:04"),
    ("1683452764000", "2023-05-07 09:46:04"),
]
RELATIVE = [
    ("刚刚", timedelta(0)),
    ("22分钟前", timedelta(minutes=22)),
    ("半小时前", timedelta(minutes=30)),
    ("1小时前", timedelta(hours=1)),
    ("3天前", timedelta(days=3)),
    ("3天前 广东", timedelta(days=3)),
    ("两周前", timedelta(weeks=2)),
    ("昨天 12:00", timedelta(days=1)),
    ("今天 09:30", timedelta(hours=2, minutes=30)),
    ("2 hours ago", timedelta(hours=2)),
    ("a day ago", timedelta(days=1)),
    ("2d", timedelta(days=2)),
    ("yesterday at 12:00", timedelta(days=1)),
]


def utc(text: str, zone: ZoneInfo | timezone = timezone.utc) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(timezone.utc)


@pytest.mark.parametrize(("cell", "local"), ABSOLUTE)
def test_times_without_a_zone_are_of_the_columns_zone(cell: str, local: str) -> None:
    assert times.parse(cell, STYLE) == times.Time(utc(local, SHANGHAI))


@pytest.mark.parametrize(("cell", "at"), WITH_ZONE)
def test_times_that_name_a_zone_keep_it(cell: str, at: str) -> None:
    assert times.parse(cell, STYLE) == times.Time(utc(at))


@pytest.mark.parametrize(("cell", "back"), RELATIVE)
def test_relative_times_count_back_from_now_and_say_so(cell: str, back: timedelta) -> None:
    assert times.parse(cell, STYLE) == times.Time((NOW - back).astimezone(timezone.utc), times.RELATIVE)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2 years ago (edited)", (2024, 4, 20)), ("1个月前", (2026, 3, 20)), ("半年前", (2025, 10, 20))],
)
def test_months_and_years_back_are_coarse(cell: str, day: tuple[int, int, int]) -> None:
    found = times.parse(cell, STYLE)
    assert found.remark == times.COARSE
    assert found.at == datetime(*day, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("cell", ["01.18", "1月18日 12:20", "01-18 北京", "1/18"])
def test_a_date_without_a_year_is_null_unless_the_year_is_given(cell: str) -> None:
    assert times.parse(cell, STYLE) == times.Time(None, times.NO_YEAR)
    given = times.parse(cell, times.Style(SHANGHAI, year=2024, now=NOW))
    assert given.at is not None
    assert given.at.astimezone(SHANGHAI).date().isoformat() == "2024-01-18"


@pytest.mark.parametrize(
    "cell",
    [
        "hello",
        "12:30",
        "March 2022",
        "2019-13-01",
        "2019-02-30",
        "1.68345E+12",
        "17",
        "2999-01-01",
        "123456789012345678901",
    ],
)
def test_what_is_not_a_time_is_null_and_said(cell: str) -> None:
    assert times.parse(cell, STYLE) == times.Time(None, times.UNREADABLE)


@pytest.mark.parametrize("cell", ["", " ", "-", "None", "nan", "NaT", "无", "0"])
def test_an_empty_cell_is_null_without_a_remark(cell: str) -> None:
    assert times.parse(cell, STYLE) == times.Time(None)


@pytest.mark.parametrize(
    ("cells", "prefer", "order", "noted"),
    [
        (["04/04/25", "03/31/25"], None, "mdy", False),
        (["24-02-2015 11.35", "01-02-2015 10.00"], None, "dmy", False),
        (["24-02-2015"], "mdy", "dmy", False),
        (["04/05/2025", "06/05/2025"], "dmy", "dmy", True),
        (["01/02/2026", "01/12/2026"], None, "mdy", True),  # the other order gives a December to come
        (["01/02/2025", "01/03/2025", "01/04/2025", "02/01/2025"], None, "mdy", True),
        (["31/01/2025", "12/31/2025", "12/30/2025"], None, "mdy", True),
        (["2024-01-02"], None, "mdy", False),
        (["24-3-9 12:30", "24-3-10 12:30"], None, "ymd", False),
        (["23-12-30", "24-01-15", "24-02-16"], None, "ymd", False),
        ([], "dmy", "dmy", False),
    ],
)
def test_the_order_of_day_and_month_is_the_columns(
    cells: list[str], prefer: str | None, order: str, noted: bool
) -> None:
    style, note = times.style_of(cells, zone=SHANGHAI, year=None, now=NOW, prefer=prefer)
    assert style.order == order
    assert bool(note) is noted


def test_the_airline_dump_is_day_first() -> None:
    style, _ = times.style_of(["24-02-2015 11.35", "23-02-2015 9.05"], zone=SHANGHAI, year=None, now=NOW)
    assert times.parse("02-03-2015 11.35", style).at == utc("2015-03-02 11:35:00", SHANGHAI)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_makes_it_fail(cell: str) -> None:
    found = times.parse(cell, STYLE)
    assert found.at is None or found.at.tzinfo is timezone.utc


@given(st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(microsecond=0)))
@settings(deadline=None, max_examples=100)
def test_iso_times_come_back_as_they_were(at: datetime) -> None:
    assert times.parse(at.isoformat(sep=" ") + "+00:00", STYLE).at == at.replace(tzinfo=timezone.utc)


@pytest.mark.parametrize("cell", ["2024-03-12", "3天前", "31/12/2024", "1683452764", "March 12, 2024"])
def test_cells_that_read_like_times(cell: str) -> None:
    assert times.reads_like_time(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "很好",
        "5",
        "4.5",
        "今天收到货，质量不错，物流也快",
        "I bought it 3 days before Christmas and it broke",
    ],
)
def test_cells_that_do_not_read_like_times(cell: str) -> None:
    assert not times.reads_like_time(cell)
