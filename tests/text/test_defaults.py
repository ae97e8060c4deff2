from __future__ import annotations

import pytest

from feedback_nlp.text.defaults import drop_notices, is_system_default

DEFAULTS = """此用户没有填写评价。
此用户没有填写评价内容
此用户未填写评价内容
该用户没有填写评价
用户未填写评价
买家没有填写评价内容
此用户未及时填写评价内容
评价方未及时做出评价,系统默认好评!
评价方未及时做出评价，系统默认好评！
用户未及时评价，系统默认好评
15天未评价，系统默认好评
系统默认好评
系统默认评价
默认好评
该用户觉得商品非常好，给出5星好评
该用户觉得商品较好
此用户未评价
（该条评论已经被删除）
该评论已被删除
该条微博已被作者删除
抱歉，此微博已被作者删除。查看帮助：网页链接
抱歉，作者已设置仅展示半年内微博，此微博已不可见。
转发微博
轉發微博。
[deleted]
[removed]
This review has been removed by the moderator
There are no comments available for this review
The customer did not leave a review.""".splitlines()

WORDS_OF_PEOPLE = """不错，默认好评
没有评价，懒得写
客服默认地址填错了
（该条评论已经被删除）很好用
评论被删除了，店家心虚
此用户没有填写评价的功能真烦人
转发微博抽奖是骗人的
no comment
good
my review was deleted and nobody told me why
""".splitlines()


@pytest.mark.parametrize("text", DEFAULTS)
def test_what_platforms_write_is_told(text: str) -> None:
    assert is_system_default(text)


@pytest.mark.parametrize("text", [*WORDS_OF_PEOPLE, "", "   "])
def test_what_people_write_is_not(text: str) -> None:
    assert not is_system_default(text)


def test_a_notice_goes_and_the_words_stay() -> None:
    assert drop_notices("（该条评论已经被删除）很好用") == "很好用"
    assert drop_notices("标题。（该条评论已经被删除）内容") == "标题。内容"
    assert drop_notices("评论已经被删除") == "评论已经被删除"
