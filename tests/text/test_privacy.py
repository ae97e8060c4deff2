from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import UsageError
from feedback_nlp.text.numbers import is_id_card, passes_luhn
from feedback_nlp.text.privacy import hash_author, mask

MASKED = [
    # telephones
    ("手机13812345678请回电", "手机[phone]请回电"),
    ("+86 138-1234-5678", "[phone]"),
    ("8613812345678", "[phone]"),
    ("138 1234 5678", "[phone]"),
    ("手机138.1234.5678", "手机[phone]"),
    ("1 3 8 1 2 3 4 5 6 7 8", "[phone]"),
    ("一三八一二三四五六七八", "[phone]"),
    ("我的号码138****5678", "我的号码[phone]"),
    ("座机0755-12345678转801", "座机0755-12345678转801"),
    ("座机0755-82345678转801没人接", "座机[phone]没人接"),
    ("（010）62345678", "[phone]"),
    ("(021) 62345678", "[phone]"),
    ("联系电话88889999", "联系电话[phone]"),
    ("call me at (415) 555-2671", "call me at [phone]"),
    ("415-555-2671 or 415.555.2671", "[phone] or [phone]"),
    ("+1 415 555 2671", "[phone]"),
    ("+44 20 7946 0958", "[phone]"),
    ("+251911234567", "[phone]"),
    ("UK 01632 960983", "UK [phone]"),
    ("phone number 4155552671", "phone number [phone]"),
    # mail
    ("邮箱zhang.san@163.com吧", "邮箱[email]吧"),
    ("Mail a.b+c@mail.example.co.uk!", "Mail [email]!"),
    ("name (at) example.com", "[email]"),
    ("abc123 at gmail dot com", "[email]"),
    ("写信到zhangsan艾特qq点com", "写信到[email]"),
    # identity and bank cards
    ("证号110105 19491231 002X", "证号[id_card]"),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [bank_card]"),
    ("GB29NWBK60161331926819", "[bank_card]"),
    ("SSN 078-05-1120", "SSN [id_card]"),
    ("my social security number is 078 05 1120", "my social security number is [id_card]"),
    ("NI number AB 12 34 56 C", "NI number [id_card]"),
    ("护照号：E12345678", "护照号：[id_card]"),
    ("passport no. 123456789", "passport no. [id_card]"),
    ("身份证11010519491231002X", "身份证[id_card]"),
    ("号码11010519491231002x，", "号码[id_card]，"),
    ("身份证号：110105491231002", "身份证号：[id_card]"),
    ("卡号4111 1111 1111 1111", "卡号[bank_card]"),
    ("6222-0200-0000-0000-000", "[bank_card]"),
    ("378282246310005", "[bank_card]"),
    # plates
    ("车牌粤B12345超速", "车牌[plate]超速"),
    ("京A·D12345", "[plate]"),
    ("浙j6bh17", "[plate]"),
    # orders and shipments
    ("订单号：202403120001234567", "订单号：[order]"),
    ("工单号 202403010001", "工单号 [order]"),
    ("ticket #123456", "ticket #[order]"),
    ("9400 1000 0000 0000 0000 00", "[order]"),
    ("订单10982438747还没发", "订单[order]还没发"),
    ("单号 SF1234567890123", "单号 [order]"),
    ("快递YT1234567890123丢了", "快递[order]丢了"),
    ("1Z999AA10123456784", "[order]"),
    ("order #112-1234567-1234567", "order #[order]"),
    ("Order number 314635309 is late", "Order number [order] is late"),
    ("case 32540657, tracking # RB123456789CN", "case [order], tracking # [order]"),
    ("confirmation G8CVWJ", "confirmation [order]"),
    ("PNR: A3ZZ0F", "PNR: [order]"),
    ("284739105827364", "[order]"),
    # accounts
    ("加微信zuqiu391", "加微信[account]"),
    ("微信号：abc_12345", "微信号：[account]"),
    ("加qq【5386607】领取", "加qq【[account]】领取"),
    ("QQ：123456789", "QQ：[account]"),
    ("加V:zhuan391", "加V:[account]"),
    # handles
    ("@VirginAmerica you lost it", "@user you lost it"),
    (".@MDaware RT@NBCNews", ".@user RT@user"),
    ("@小米客服 太差了", "@user 太差了"),
    ("@小米客服你们太差了！", "@user你们太差了！"),
    ("//@张三:转发//@李_四：好", "//@user:转发//@user：好"),
    ("回复@小?明:嗯", "回复@user:嗯"),
    ("谢谢@王小二", "谢谢@user"),
    # links
    ("https://x.com/a?uid=123&t=1#top 好", "https://x.com/a 好"),
]  # fmt: skip

KEPT = """5个人@3元
iPhone 15 at 5999 dot
look at amazon dot com
1 2 3 4 5 6 7 8 9 10 11
2019-24-2025
一二三四五六七八九十
passport renewal took 21 days
价格6999元，原价12999.00
iPhone 15 Pro Max 256GB
2024-03-12 13:05:00 下的单
20240312买的
202403121305 打的电话
拨打12315和10086，95588不理，110也不管
打400-711-6699没人接
电话4008123123
call 1-800-555-0199
ISBN 9787111111111
条码6901234567892
23333333333333
66666666666666
哈哈哈1111111111111
花了1,234,567.89元
微信转账50000元
微信支付12345元
QQ2013版不好用
meet @5pm
A3区的12栋1单元1203
苏州A12号楼
3.1415926535897
230mm×150mm×20mm
GB50016-2014
2012-2014年
https://item.example.com/1234567890.html
订单2024-03-12下的
order 66
in case 2 people come
version 12.4.1
1000000000元
10000000人看过
I paid $1,299.00 for 2 tickets
Room 1204, 5th floor
Flight UA1234 was late
尺寸175/92A，体重65kg
评分4.5/5.0""".splitlines()


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_personal_is_kept(text: str) -> None:
    assert mask(text) == text


def test_check_digits() -> None:
    assert is_id_card("11010519491231002X")
    assert not is_id_card("110105194912310021")
    assert not is_id_card("11010519491331002X")
    assert passes_luhn("4111 1111 1111 1111")
    assert not passes_luhn("4111 1111 1111 1112")


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["电话", "，", " ", "打", "("]))
def test_no_mobile_number_survives(number: str, before: str) -> None:
    assert number not in mask(f"{before}{number}没人接")


PIECES = st.sampled_from(
    ["@", "user", "张三", "138", "12345678", "0755", "-", " ", ":", "：", "微信", "QQ", "+86", "order", "单号", "a@b.com", "?x=1", "http://a.cn", "粤B", "[phone]", "x9", ".", "//", "4111111111111111"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=50), st.lists(PIECES, max_size=10).map("".join)))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_author_hashes_are_stable_keyed_and_say_nothing() -> None:
    one = hash_author("张三", key=b"secret")
    assert re.fullmatch(r"[0-9a-f]{32}", one)
    assert hash_author(" 张三 ", key=b"secret") == one
    assert hash_author("张三", key=b"other") != one
    assert hash_author("李四", key=b"secret") != one
    assert hash_author("\ud83d", key=b"secret") != one


@pytest.mark.parametrize("key", [b"", b"x" * 65])
def test_a_key_of_the_wrong_length_is_refused(key: bytes) -> None:
    with pytest.raises(UsageError, match="1 to 64"):
        hash_author("张三", key=key)
