"""Spam by rules: gambling, side jobs, accounts to add, referral codes. Few and sure rather than many; the model finds the rest.

A rule is a weight and a pattern over the folded text (`fold`), so width, case and traditional characters do not matter.
"""

from __future__ import annotations

import re

from feedback_nlp.text.fold import fold

# (weight, what it is, pattern). A text is spam from THRESHOLD up: one sure sign or two that need each other.
RULES: tuple[tuple[float, str, str], ...] = (
    (1.0, "gambling brand or hall", r"爱博体育|lovebet|博彩网|澳门(?:新葡京|威尼斯人|赌场)|真人荷官|线上娱乐城|彩票计划群|六合彩(?:资料|特码)|时时彩计划|北京赛车pk10|百家乐.{0,6}(?:平台|注册|网)"),
    (1.0, "first deposit bonus", r"首存\d{2,}?(?:送|返)\d+|注册(?:就|即|立)?送(?:彩金|\d{2,}元?彩金|\d{2,}现金)|首充.{0,4}返.{0,8}棋牌"),
    (1.0, "paid downloads", r"无意中发现.{0,14}(?:兼职|赚钱|诚信平台)|苹果手机每[日天].{0,8}\d+块|(?:苹果|app)商店.{0,20}(?:刷了?排名|一个奖励\d)|小v赚|下载(?:应用|软件|app)?赚零花|空闲时间赚钱.{0,40}(?:公众号|公众號|微信)"),
    (1.0, "side job", r"(?:刷单|刷信誉|打字员|抄写员)(?:兼职|招聘|日结)|(?:兼职|招聘).{0,6}(?:刷单|打字员|日结\d+)|日赚\d{2,}.{0,15}(?:微信|vx|加[vq]|q群|联系)|在家.{0,8}(?:日入|日赚|月入)(?:过万|\d{3,})"),
    (1.0, "money for a code", r"邀请码[是为:： ]*[a-z0-9]{4,}.{0,20}(?:红包|现金|奖励|元|块)|(?:红包|现金|奖励|注册|下载).{0,20}邀请码[是为:： ]*[a-z0-9]{4,}"),
    (1.0, "loan or card for cash", r"(?:代开|代办)(?:各类|各种|全国)?(?:发票|证件|文凭).{0,12}(?:联系|微信|加|\[phone\]|电话)|信用卡套现.{0,10}(?:联系|微信|加)|(?:无抵押|无视黑白|黑户)(?:贷款|下款|可贷)"),
    (1.0, "sex", r"裸聊(?:平台|网|加)|约炮(?:平台|网|加)|(?:成人|色情|av)(?:视频|电影|直播)(?:网|平台|app)|上门服务.{0,10}(?:学生妹|美女)"),
    (0.6, "add an account", r"(?:加|\+|联系|咨询)(?:我|下|个|一下)?(?:的)?(?:微信|威信|薇信|v信|vx|wx|v|q|qq|扣扣|q群|qq群)(?:号|群)?[:：是为\[【 ]{0,3}(?:[a-z0-9_\-]{5,20}|\[account\])|(?:微信|vx|v信|q群|qq群?)(?:[:：]|就加|号加)\s?(?:[a-z0-9_\-]{6,20}|\[account\])"),
    (0.5, "gambling words", r"棋牌|彩票|彩金|开奖|下注|投注|时时彩|捕鱼.{0,10}老虎机|老虎机|余乐场|足彩|盘口|体育竞技.{0,8}线上娱乐"),
    (0.5, "earning words", r"(?:赚|挣)(?:钱|米|零花)|日结|佣金|返现|返利|兼职|副业|躺赚|提现秒到|招代理|招收代理|零投资|免费领"),
    (0.5, "a link spelled out to slip through", r"\d(?:点|dot|。)c0?m|[a-z0-9]{3,}(?:点|丶)(?:com|cn|cc|net|vip)"),
    (0.5, "free money in English", r"(?:earn|make) \$?\d{2,}[,\d]* ?(?:\$|usd|dollars)? ?(?:a|per|every) ?(?:day|week|hour).{0,40}|work(?:ing)? from home and (?:earn|make)|double your (?:bitcoin|money)"),
    (0.5, "contact in English", r"(?:whatsapp|telegram|contact|dm|text|visit|click|check)(?: me| us| him| her)?(?: now| here| on| at| my)?.{0,25}(?:\+?\d[\d ()\-]{6,}|\[phone\]|\[email\]|t\.me/|wa\.me/|bit\.ly/|my (?:bio|profile|channel)|(?:https?://|www\.))"),
    (0.5, "recovery agent in English", r"(?:recover(?:ed|y)?|hack(?:er|ed|ing)?).{0,40}(?:bitcoin|crypto|lost funds|wallet|spouse|phone)"),
    (1.0, "gambling in English", r"(?:online (?:casino|betting)|free spins).{0,40}(?:bonus|sign ?up|register|https?://|www\.)"),
)  # fmt: skip
THRESHOLD = 1.0
# Who complains of an advertisement uses its words: "填了邀请码红包没到账". Such a text must show twice as much.
GRIEVED_THRESHOLD = 2.0
SAME_LINKS = 3
LINKS_SHARE = 0.2  # in bait the link is the message; a letter that names one source three times is a letter
# In a long story two hints can meet by chance; there only sure signs count.
LONGEST_FOR_HINTS = 800

_COMPILED = tuple((weight, re.compile(pattern)) for weight, _, pattern in RULES)
_SURE = tuple((weight, pattern) for weight, pattern in _COMPILED if weight >= THRESHOLD)
# One cheap look before the rules: the words or signs that each rule needs.
_ANY_SIGN = re.compile(
    r"博|彩|发现|苹|商店|小|存|注册|刷|招聘|兼职|日赚|日入|月入|码|代开|代办|套现|贷|下款|炮|裸|色情|成人|上门|加|联系|咨询|微信|q|Q|[vVwW]|"
    r"棋|注|老虎机|乐场|[赚挣]|佣|返|副业|提现|代理|免费|点|丶|http|earn|make|work|double|contact|casino|betting|spins|recover|hack"
)
# Bait is often written w💰i💰t💰h things in between: the rules read the text also without them.
_BETWEEN = re.compile(r"[^\w\[\]:+]")
_LINK = re.compile(r"https?://[^\s\u4e00-\u9fff]+")
_GRIEVANCE = re.compile(
    r"(?<![不没])(?:骗人|受骗|被骗|上当|诈骗|骗子)|不?到账|提现不了|不能提现|无法提现|提不了现|投诉|举报|维权|退款|差评|不给(?:提现|返|退)|"
    r"没(?:有)?(?:收到|给|到|奖励|红包|返)|说好|客服.{0,6}(?:不|没)|\b(?:scam(?:med)?|never paid|did ?n.t pay|refund|fraud|complain)"
)


def is_spam(text: str) -> bool:
    """Whether `text` is plainly an advertisement or bait. Made to be right when it says so, not to find all."""
    if not _ANY_SIGN.search(text):
        return False
    folded = fold(text)
    if folded.count("//") >= SAME_LINKS and _repeats_a_link(folded):
        return True
    if not folded.isascii():
        folded += "\n" + _BETWEEN.sub("", folded)
    rules = _COMPILED if len(folded) <= LONGEST_FOR_HINTS else _SURE
    enough = GRIEVED_THRESHOLD if _GRIEVANCE.search(folded) else THRESHOLD
    score = 0.0
    for weight, pattern in rules:
        if pattern.search(folded):
            score += weight
            if score >= enough:
                return True
    return False


def _repeats_a_link(folded: str) -> bool:
    links = _LINK.findall(folded)
    shown = sum(map(len, links)) >= LINKS_SHARE * len(folded)
    return len(links) >= SAME_LINKS and len(set(links)) == 1 and shown
