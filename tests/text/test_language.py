from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.text.language import language

ZH = """质量很好，价格也便宜
送餐慢了一个小时，打电话也不接
垃圾
还行吧
好评！
這間餐廳的服務態度真係麻麻
嘢食好好味，下次再嚟食過
唔好去喇，貴到飛起
點解咁慢㗎，等咗成個鐘
我哋訂咗位都要等
這款手機電池不耐用，螢幕也有問題
酒店早餐很豐富，交通便利
iPhone 15 Pro Max 屏幕很好
这个App老是闪退
WiFi信号太差
VIP会员没有用
客服只会说OK OK
这个logo好看
Nike鞋子不错
KFC的汉堡难吃
买了Dyson V15 Detect Absolute 吸力一般
华为Mate 60 Pro+ 拍照绝了
yyds，绝绝子
5G套餐太贵，10086打不通
DIY教程看不懂
66666 太好用了
[doge]这也太离谱了
[笑哭]
[赞][赞][赞]
，。！
退款！！！
@小米客服 什么时候发货
https://example.com 这个链接打不开
#双十一# 快递慢死了
鲜の每日 味道不错
好吃(๑•̀ㅂ•́)و✧
Good！还会再来的，味道不错
PPT做得好，老师nice
物流：★★★★★
A3区12栋停水三天了
东西收到了，跟描述的一样，good
价格比JD便宜""".splitlines()

EN = """Love it!
ok
nice
Great fabric but runs two sizes small
You lost my bag and nobody answers
worst airline ever
Please add dark mode, otherwise perfect app
gud app
thx
A+++
lol
Not worth the money.
App crashes every time I open it
Cancelled Flight and no hotel
5 stars
Will never fly @united again
The café was lovely and the crème brûlée superb
Delivery took 3 weeks!!!
can u fix the login bug plz
didn't work
meh
Battery dies in 2 hours :(
I've been waiting since Monday for a refund.
The 火锅 restaurant on this street was really good and we will come back for sure
Bose QC45
Samsung Galaxy S23 Ultra
RIP customer service
Good
Excellent product, highly recommend!
@VirginAmerica thanks
http://t.co/abc great deals
So so
Superb!!! 10/10
I love this app 😍😍
Wow, so many ads
Can't log in
no
Horrible horrible horrible
Dr. Smith was very kind
Would not recommend to anyone""".splitlines()

MIXED = """服务很好 but the food was terrible
I love the 火锅 here, 服务员也很热情
房间很干净, the staff is very friendly and helpful
物流太慢了, I will never buy from you again
The packaging was broken 包装都破了，客服不理
整体不错，but I don't think it is worth the price
味道可以 however the portion is too small for me
👍
👍👍👍😀
666
5/5
!!!
:)
100%""".splitlines()

OTHER = """とても良い商品でした、また買います
配送が遅いです
サービスが悪い
カメラの画質がきれいです
배송이 너무 늦어요
정말 좋아요 추천합니다
Очень плохое качество, не рекомендую
Хороший товар
بطارية سيئة جدا
خدمة ممتازة
สินค้าดีมาก ส่งเร็ว
सेवा बहुत खराब है
በጣም ጥሩ መተግበሪያ ነው
Πολύ καλό προϊόν
שירות גרוע מאוד
Très bon produit, je recommande, la livraison est rapide
Le service est nul et je ne suis pas content
Die Qualität ist sehr gut, aber der Versand war langsam
Das Hotel war nicht sauber und das Frühstück war schlecht
El producto es muy bueno y llegó a tiempo
No me gusta, la calidad es mala y el servicio es peor
O produto é muito bom mas a entrega demorou
Il prodotto non è buono e la consegna è lenta
Het product is goed maar de levering is niet snel
Barang bagus sekali, pengiriman cepat
Aplikasi ini sangat buruk dan tidak bisa dibuka
Ang ganda ng app na ito pero ang bagal
Ürün çok güzel ve kargo hızlı
Bardzo dobry produkt, polecam
Sản phẩm rất tốt, giao hàng nhanh
Betam tiru app nw
Yihe app betam arif new
Huduma ni nzuri sana kwa wateja
Baayee gaarii dha galatoomaa
¿Cuándo llega?""".splitlines()

TABLE = [(text, "zh") for text in ZH] + [(text, "en") for text in EN]
TABLE += [(text, "mixed") for text in MIXED] + [(text, "other") for text in [*OTHER, "", "  \n"]]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_table(text: str, expected: str) -> None:
    assert language(text) == expected


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(TABLE) >= 120


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_one_of_four_languages(text: str) -> None:
    assert language(text) in {"zh", "en", "mixed", "other"}


LABELLED = Path(__file__).parents[3] / "shared" / "data" / "labelled"


@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled corpora are not beside the repository")
@pytest.mark.parametrize(
    "name", ["airline_tweets", "nhs_fft", "openrice_hk", "waimai_10k", "appstore_zh_qimai"]
)
def test_it_agrees_with_the_labelled_corpora(name: str) -> None:
    import pandas as pd

    frame = pd.read_parquet(LABELLED / f"{name}.parquet", columns=["text", "lang"]).head(3000)
    assert (frame["text"].map(language) == frame["lang"]).mean() > 0.985
