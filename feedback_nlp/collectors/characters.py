"""The Chinese characters of everyday comments: a text decoded with the right encoding is mostly made of them.

The most frequent characters of Chinese reviews, microblogs and service messages (about 80 % of all characters in
them), with their traditional forms.
"""

from __future__ import annotations

_SIMPLIFIED = (
    "的不了是一我有人新病呗还个在用么例这好花就型能没要到肺炎武汉可以大上家机来都全毒发时为很天也国情多确出诊开后医冠会过"
    "买们现款中手说什感自状看起动和收疫你吗日借电期生口小下点怎南年去分月行心重加前最次对度得真市视地通定里安事给应防者罩"
    "信东想车油音如染文北本快但他子样商护员离方那山太院已性物觉价果实长无知学接只回客比额道海作西城经错面工公别再关首意所"
    "量成己然耳着望吧于高治江质常才啊传控之外做钱间提问付服体响支被充些线名话平非号微消力频宝少几其同内法门品民蚂蚁省请差"
    "第而老希部货保理卡当报正使因单打候让级从进三两息京直等网河卫明广湖热患区政场博退疗隔死费评换种更万延戴集结听把今入相"
    "送件该健聚合务图记需装题二流症包完将难建示春身原解检位钟总节格挺又查州速书爱启黑每放带假刚受主何增各声制至十共活取测"
    "特显友班清头求气哪处儿注业华浙办满药购康边及试管喜运计影低效强目数科或布便水值转岁欢与系且复吃持专四怕算产续住超晚哈"
    "金黄资美白观配账功店先乘株早差喝味菜卖饭态热慢棒赞推荐垃圾骗客户投诉退款发货物流质量"
)
_TRADITIONAL = (
    "唄還個麼這沒漢機來發時爲為國確診開後醫會過買們現說狀動嗎電點對視裏裡給應東車樣護員離覺價實長無學額經錯別關於質傳錢間問"
    "體響線話號頻寶幾內門螞蟻請貨當報單讓級從進兩網衛廣熱區場療費評換種萬結聽該務圖記裝題將難檢鍾鐘總節書愛啓啟帶剛聲測顯頭"
    "氣處兒業華辦滿藥購邊試運計強數轉歲歡與復喫專產續黃資觀賬味賣飯態讚薦訴騙"
)
_PUNCTUATION = "，。！？、；：“”（）《》…～【】「」"

COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _PUNCTUATION)


def is_chinese(char: str) -> bool:
    """Whether a character is a Han ideograph or full-width punctuation of one of the common blocks."""
    return "\u3000" <= char <= "\u303f" or "\u3400" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"


def common_share(text: str) -> float:
    """Share of everyday characters among the non-ASCII ones of `text`, 0–1; 0 where there are none."""
    wide = [char for char in text if char > "\x7f"]
    return sum(char in COMMON for char in wide) / len(wide) if wide else 0.0
