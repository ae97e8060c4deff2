"""Texts that a platform wrote, not a customer: default reviews, notices of deletion, bare reposts."""

from __future__ import annotations

import re

# What platforms put where a customer wrote nothing (JD, Tmall, Meituan, Dianping, Ctrip, Suning, Pinduoduo, Weibo, Reddit …).
# Each must match the whole text, punctuation and spaces at its ends aside.
RULES: tuple[str, ...] = (
    r"(?:此|该)?(?:用户|买家|顾客|客户|会员|消费者)(?:还)?(?:没有|未|未及时|没)(?:填写|发表|做出|作出|留下|写)(?:任何)?(?:文字|购买)?(?:评价|评论|点评|内容|心得)(?:的)?(?:内容|文字)?",
    r"(?:此|该)?(?:用户|买家|评价方)(?:未|没有)(?:及时)?(?:做出|作出|进行|给出)?(?:评价|评论|点评)[,，。;; ]*(?:系统)?默认(?:好评|五星好评|给予好评|5星好评)?",
    r"(?:此|该)?用户(?:未|没有)(?:及时)?(?:评价|评论|点评)",
    r"系统默认(?:好评|评价|五星|5星)?(?:好评|评价)?",
    r"(?:超时|15天)?(?:未|没有)评价[,，]?(?:系统)?默认好评",
    r"默认好评",
    r"(?:此|该)用户觉得商品(?:很好|非常好|较好|好|一般|较差|不好|很差|非常差)[,，]?(?:给出|给予)?(?:了)?[1-5一二三四五]?星?(?:好评|中评|差评)?",
    r"(?:该|此)(?:条)?(?:评论|评价|微博|内容|帖子|回复|视频)(?:已经|已)?被?(?:作者|用户|系统|管理员)?(?:删除|屏蔽|隐藏|折叠)",
    r"抱歉[,，]?此微博已被(?:作者)?删除.{0,30}",
    r"抱歉[,，]?(?:作者已设置仅展示.{1,10}微博|此微博不存在|由于作者设置.{0,30}).{0,40}",
    r"(?:该|此)(?:账号|微博)因(?:被|违反|涉嫌).{0,60}",
    r"(?:转发微博|轉發微博|转发|repost|分享图片|分享视频|快转微博)",
    r"\[(?:deleted|removed|已删除|图片|视频|语音)\]",
    r"(?:this )?(?:review|comment|post|tweet|message) (?:has been|was) (?:deleted|removed)(?: by .{1,30})?",
    r"there are no comments available for this review",
    r"no (?:positive|negative)",
    r"(?:the )?(?:customer|user|buyer|reviewer) (?:did not|didn't|has not) (?:leave|left|write|written|provide|provided) (?:a |any )?(?:written )?(?:review|comment|feedback)s?",
)
# Notices a platform sets before or into a comment whose words are still there.
NOTICES: tuple[str, ...] = (r"[(（]\s*该条评论已经?被?删除\s*[)）]",)

_EDGES = " \t\n\r。.!！~～…,，;；:：()（）【】\"'“”"
_WHOLE = re.compile("(?:" + "|".join(RULES) + ")", re.IGNORECASE)
_NOTICE = re.compile("|".join(NOTICES))
_LONGEST = 120


def is_system_default(text: str) -> bool:
    """Whether a platform wrote `text` in a customer's place; a blank text is not a default, it is empty."""
    if len(text) > _LONGEST:
        return False
    said = drop_notices(text)
    if not said:
        return bool(text.strip())
    return _WHOLE.fullmatch(said.strip(_EDGES)) is not None or _WHOLE.fullmatch(said.strip()) is not None


def drop_notices(text: str) -> str:
    """`text` without a platform's "（该条评论已经被删除）"; what the customer wrote around it stays."""
    return _NOTICE.sub("", text).strip() if "该条评论" in text else text
