from __future__ import annotations

import pytest

from feedback_nlp.text.spam import is_spam

SPAM = """注册就送彩金58元，首存100送50，棋牌彩票样样有
XX娱乐首存100返88，足彩棋牌老虎机应有尽有，加微信abc12345
招聘打字员日结，在家就能做，加qq 123456789
刷单兼职日结200，联系微信 wx778899
日赚300元，有意者加微信 zhuan888
邀请码 A8B9C7 注册领现金红包
下载填邀请码88776655，红包提现秒到
代开全国发票，联系电话13800138000
有💰微💰信💰就💰加 money888，兼职佣金日结
苹果手机每天轻松80块，无意中发现这个赚钱地方
无意中发现一份兼职，利用空闲时间赚钱，关注公众号
Earn $500 per day working from home, contact me on WhatsApp +1 202 555 0143
Best online casino with free spins, register at www.example.com
I recovered my lost bitcoin, contact hacker on telegram t.me/fake
http://a.cn/x1 http://a.cn/x1 http://a.cn/x1 快来看""".splitlines()

HONEST = """质量很好，推荐购买，下次还会来
客服让我加微信处理退款，结果没人理我
返现的卡片是骗人的，好评后没有返现
说好的优惠券邀请码不能用
做兼职的骑手送餐很慢
银行app闪退，彩票功能打不开
老板态度差，加他微信不通过
网上都说这家棋牌室环境不错
积分可以免费领东西，很划算
I contacted customer service on WhatsApp and nobody answered
I work from home and this desk is great
Visit their website www.example.com, the return policy is there
They make $50 a year from my subscription, not worth it
物流太慢了，打电话也不接，打12315投诉
这个软件赚钱是假的，提现不了
填了邀请码88776655，红包没到账，客服也不理人
登录不上，注册时填邀请码 A8B9C7 没有奖励
这个棋牌游戏赚钱是假的，根本提现不了
被刷单兼职日结骗了钱，银行的客服不管
说好的抽奖彩票活动，返现也没有""".splitlines()


@pytest.mark.parametrize("text", SPAM)
def test_bait_is_told(text: str) -> None:
    assert is_spam(text)


@pytest.mark.parametrize("text", [*HONEST, ""])
def test_feedback_is_not(text: str) -> None:
    assert not is_spam(text)


def test_hints_that_meet_in_a_long_story_are_not_enough() -> None:
    hints = "老虎机 佣金"
    assert is_spam(hints)
    assert not is_spam("电影讲了一个很长的故事，" * 40 + "老虎机" + "后来他们又去了别的城市，" * 40 + "佣金")


def test_a_letter_that_names_one_source_three_times_is_no_bait() -> None:
    link = "（见 https://a.example/x ）"
    assert not is_spam(f"关于轨道交通规划的建议。{link}" + "请市里考虑这条线路的客流。" * 20 + link + link)
