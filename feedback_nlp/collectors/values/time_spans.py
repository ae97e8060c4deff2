"""Times written as seen from the moment of reading: 3天前, 昨天 12:30, 2 hours ago."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_UNITS = {
    **dict.fromkeys(("秒", "秒钟", "second", "seconds", "sec", "secs", "s"), "second"),
    **dict.fromkeys(("分", "分钟", "分鐘", "minute", "minutes", "min", "mins", "m"), "minute"),
    **dict.fromkeys(("小时", "小時", "个小时", "個小時", "hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("天", "日", "day", "days", "d"), "day"),
    **dict.fromkeys(("周", "週", "星期", "个星期", "week", "weeks", "wk", "w"), "week"),
    **dict.fromkeys(("月", "个月", "個月", "month", "months", "mo"), "month"),
    **dict.fromkeys(("年", "year", "years", "yr", "yrs", "y"), "year"),
}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "几": 0}
_NUMBERS |= {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2}
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2, "前日": 2}
_LEAD = r"^(?:\D{0,12}?[\s:])?"

_NOW = re.compile(r"^(?:刚刚|剛剛|刚才|just now|now)(?:\s|$)", re.IGNORECASE)
_HALF = re.compile(r"^半(?:个|個)?(小时|小時|年|天)前")
_AGO_ZH = re.compile(
    rf"{_LEAD}(?P<n>\d+|[一二三四五六七八九十两兩])\s?(?P<unit>秒钟?|分[钟鐘]?|[个個]?小[时時]|天|日|[周週]|[个個]?星期|[个個]?月|年)(?:之)?前"
)
_AGO_EN = re.compile(rf"{_LEAD}(?P<n>\d+|an?|one|two|three)\s?(?P<unit>[a-z]+)\s+ago\b", re.IGNORECASE)
_SHORT = re.compile(r"^(?P<n>\d+)(?P<unit>[smhdwy]|mo)$")
_DAY = re.compile(
    rf"{_LEAD}(?P<day>{'|'.join(_DAYS)})(?:[\s,]|at\b)*(?:(?P<h>\d{{1,2}}):(?P<mi>\d\d)(?::(?P<s>\d\d))?)?(?![\u4e00-\u9fff]{{3}})",
    re.IGNORECASE,
)


def read(cell: str, *, now: datetime) -> tuple[datetime, bool] | None:
    """The time a cell means at `now` (same zone in, same zone out), and whether it is only good to a month or year."""
    if _NOW.search(cell):
        return now, False
    if match := _HALF.search(cell):
        unit = {"年": ("month", 6), "天": ("hour", 12)}.get(match[1], ("minute", 30))
        return _back(now, unit[1], unit[0]), match[1] == "年"
    for pattern in (_AGO_ZH, _AGO_EN, _SHORT):
        if (match := pattern.search(cell)) and (unit_name := _UNITS.get(match["unit"].lower())):
            number = match["n"].lower()
            count = int(number) if number.isdecimal() else _NUMBERS[number]
            return _back(now, count, unit_name), unit_name in {"month", "year"}
    if match := _DAY.search(cell):
        day = now - timedelta(days=_DAYS[match["day"].lower()])
        hour, minute, second = (int(match[part] or 0) for part in ("h", "mi", "s"))
        return day.replace(hour=hour, minute=minute, second=second, microsecond=0), False
    return None


def _back(now: datetime, count: int, unit: str) -> datetime:
    if unit in _SECONDS:
        return now - timedelta(seconds=count * _SECONDS[unit])
    months = count * (12 if unit == "year" else 1)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))
