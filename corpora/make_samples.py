"""Writes `samples/kitchen_reviews.csv`, the bilingual dump of the demo: an invented kitchen brand, invented customers.

    python corpora/make_samples.py

Every clause is ours. The dump has the faults real exports have (two lines before the header, duplicates, system
default texts, an advertisement, a torn row) and one event to find: a courier strike in late April that delays orders in the east.
"""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

ROWS = 2_400
START, END = date(2026, 1, 5), date(2026, 6, 28)
STRIKE = (date(2026, 4, 20), date(2026, 5, 10))
HEADER = [
    "评论编号",
    "评论时间",
    "评分",
    "标题",
    "评论内容",
    "商品名称",
    "品牌",
    "地区",
    "昵称",
    "点赞数",
    "商家回复时间",
]
PRODUCTS = {
    "zh": ["空气炸锅 A3", "电热水壶 K1", "破壁机 B5", "电饭煲 R2"],
    "en": ["Air Fryer A3", "Kettle K1", "Blender B5", "Rice Cooker R2"],
}
REGIONS = {"zh": ["华东", "华南", "华北", "西南"], "en": ["UK", "US", "Australia"]}
BRANDS = ["Morningpot", "Hearthside"]

PRAISE = {
    "zh": [
        "质量很好，做工扎实",
        "炸出来的鸡翅外酥里嫩",
        "声音很小，晚上用也不吵",
        "价格实惠，性价比很高",
        "物流很快，第二天就到了",
        "包装严实，没有磕碰",
        "客服很耐心，问什么都回答",
        "外观好看，放厨房很搭",
        "容量够一家三口用",
        "用了一个月没有任何问题",
        "清洗方便，一冲就干净",
        "已经回购第二台了，送给妈妈",
        "推荐给同事，大家都说好",
        "煮饭很香，米粒分明",
        "售后换新很爽快",
    ],
    "en": [
        "Great build quality, feels solid",
        "Chicken comes out crisp every time",
        "Very quiet, I can use it at night",
        "Excellent value for the price",
        "Arrived the next day",
        "Well packaged, not a scratch",
        "Customer service was patient and helpful",
        "Looks lovely on the counter",
        "Big enough for a family of four",
        "Still works perfectly after three months",
        "Easy to clean",
        "Bought a second one for my mum",
        "I recommend it to everyone",
        "Boils in two minutes",
        "They replaced the faulty lid without any fuss",
    ],
}
TROUBLE = {
    "zh": [
        "用了三天就不加热了",
        "不粘涂层已经掉了",
        "噪音太大，像拖拉机",
        "比活动前还贵，感觉被套路",
        "包装盒烂了，锅身有凹痕",
        "客服爱答不理，问了三次没人回",
        "容量比描述的小一圈",
        "塑料味很重，散不掉",
        "app老是闪退，连不上锅",
        "申请退款一直不处理",
        "插上电就跳闸，还冒烟，太危险了",
        "少发了一个配件",
        "盖子关不严，漏水",
        "优惠券下单时不能用",
        "再也不会买这个牌子",
    ],
    "en": [
        "Stopped heating after three days",
        "The coating is already peeling off",
        "So loud it sounds like a tractor",
        "Paid more than the week before, feels like a trick",
        "Box was crushed and the body is dented",
        "Support ignored three of my messages",
        "Much smaller than described",
        "Strong plastic smell that will not go away",
        "The app crashes and never finds the device",
        "Still waiting for my refund",
        "It sparked and smoked when I plugged it in",
        "One accessory was missing",
        "The lid does not close and it leaks",
        "The voucher did not work at checkout",
        "I will never buy this brand again",
    ],
}
LATE = {
    "zh": [
        "快递一直不动，等了九天才到",
        "说好三天到，拖了一个多星期",
        "物流太慢了，客服也说不清楚",
        "等了半个月还没收到货",
    ],
    "en": [
        "Delivery took nine days instead of two",
        "Parcel stuck for over a week",
        "Still not delivered after two weeks",
    ],
}
PLAIN = {
    "zh": [
        "请问支持110伏吗？",
        "一般般吧，没什么感觉",
        "刚收到，还没用",
        "希望能出个白色款",
        "怎么连接手机？",
        "就那样，能用",
    ],
    "en": [
        "Does it work with 110 volts?",
        "It is okay, nothing special",
        "Just arrived, have not tried it yet",
        "Please make a white version",
        "How do I pair it with my phone?",
    ],
}
BUT = {"zh": "，但是", "en": ", but "}
STOP = {"zh": "，", "en": ". "}
END_MARK = {"zh": ["。", "！", "", "👍", "[赞]"], "en": [".", "!", "", " 👍"]}
SAD_MARK = {"zh": ["。", "！！", "", "😡", "[怒]"], "en": [".", "!!", "", " 😡"]}


def comment(random_: random.Random, lang: str, *, late: bool) -> tuple[int, str]:
    """A star rating and a text that go together."""
    if late:
        clauses = [random_.choice(LATE[lang]), *random_.sample(TROUBLE[lang], random_.randrange(2))]
        return random_.choice([1, 1, 2]), STOP[lang].join(clauses) + random_.choice(SAD_MARK[lang])
    kind = random_.choices(["praise", "trouble", "both", "plain"], weights=[69, 14, 8, 9])[0]
    if kind == "praise":
        return random_.choice([5, 5, 5, 4]), joined(random_, PRAISE[lang], lang) + random_.choice(
            END_MARK[lang]
        )
    if kind == "trouble":
        return random_.choice([1, 1, 2]), joined(random_, TROUBLE[lang], lang) + random_.choice(
            SAD_MARK[lang]
        )
    if kind == "both":
        trouble = random_.choice(TROUBLE[lang])
        return 3, random_.choice(PRAISE[lang]) + BUT[lang] + (trouble[0].lower() + trouble[1:])
    return random_.choice([3, 4, 5]), random_.choice(PLAIN[lang])


def joined(random_: random.Random, clauses: list[str], lang: str) -> str:
    """One to three different clauses."""
    return STOP[lang].join(random_.sample(clauses, random_.choices([1, 2, 3], weights=[4, 4, 2])[0]))


def rows() -> list[list[str]]:
    """All data rows, oldest first."""
    random_ = random.Random(20260628)
    days = (END - START).days
    made = []
    for number in range(1, ROWS + 1):
        day = START + timedelta(days=random_.randrange(days + 1))
        lang = random_.choices(["zh", "en"], weights=[7, 3])[0]
        region = random_.choice(REGIONS[lang])
        late = STRIKE[0] <= day <= STRIKE[1] and random_.random() < (0.75 if region == "华东" else 0.08)
        rating, text = comment(random_, lang, late=late)
        moment = datetime(day.year, day.month, day.day, random_.randrange(7, 24), random_.randrange(60))
        replied = moment + timedelta(hours=random_.expovariate(1 / 6))
        likes = random_.choices([0, random_.randrange(1, 9), random_.randrange(9, 300)], weights=[80, 17, 3])[
            0
        ]
        product = random_.choices(range(4), weights=[5, 3, 2, 2])[0]
        brand = random_.choices(BRANDS, weights=[7, 3])[0]
        author = (
            f"{random_.choice('李王张刘陈杨赵黄周吴')}**{random_.randrange(99)}"
            if lang == "zh"
            else f"user{random_.randrange(9999)}"
        )
        made.append(
            [
                f"M{100000 + number}",
                f"{moment:%Y/%m/%d %H:%M}",
                str(rating),
                "",
                text,
                PRODUCTS[lang][product],
                brand,
                region,
                author,
                str(likes),
                f"{replied:%Y/%m/%d %H:%M}" if random_.random() < 0.45 else "",
            ]
        )
    made.sort(key=lambda row: datetime.strptime(row[1], "%Y/%m/%d %H:%M"))
    return with_faults(random_, made)


def with_faults(random_: random.Random, made: list[list[str]]) -> list[list[str]]:
    """The dump as a shop's back office would export it."""
    for place in random_.sample(range(len(made)), 36):
        made[place][4] = "此用户没有填写评价。"
        made[place][2] = "5"
    for place in random_.sample(range(len(made)), 6):
        made[place][4] = "兼职刷单日赚三百，加微信 kitchen8866 了解"
    for place in sorted(random_.sample(range(len(made)), 18), reverse=True):
        made.insert(place + 1, list(made[place]))
    for place in random_.sample(range(len(made)), 5):
        made[place][4] += " 电话13800138000" if "。" in made[place][4] else ""
    return made


def main() -> None:
    """Write the sample dump beside this file."""
    path = Path(__file__).parent / "samples" / "kitchen_reviews.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("商品评价导出\n导出时间：2026/06/29 09:00\n")
        csv.writer(file).writerows([HEADER, *rows()])


if __name__ == "__main__":
    main()
