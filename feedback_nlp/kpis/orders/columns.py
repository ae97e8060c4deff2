"""Which column of an orders export is what, by the names that shops and platforms give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from feedback_nlp.errors import InputError, UnknownName

# Nearest to the meaning first; compared without case, spaces, _, -, and a unit in brackets.
_NAMES = {
    "customer": """customer customerid customerno customernumber customeruniqueid 客户 客户id 客户编号 客户号 客户名称 用户id 用户编号 用户
        用户名 会员id 会员号 会员编号 会员名 会员卡号 买家id 买家会员名 买家昵称 买家 顾客 顾客id userid user username buyerid buyer memberid
        member clientid client accountid author 手机号 手机号码 email customeremail customername 收货人""",
    "time": """orderdate ordertime orderdatetime orderpurchasetimestamp orderedat purchasedate purchasetime invoicedate transactiondate
        transactiontime paidat paymentdate paymenttime 下单时间 下单日期 订单时间 订单日期 订单创建时间 付款时间 订单付款时间 支付时间 成交时间
        交易时间 购买时间 购买日期 消费时间 消费日期 创建时间 createdat createtime datetime timestamp date time 日期 时间""",
    "amount": """amount orderamount totalamount ordertotal total grandtotal totalprice paymentvalue paymentamount paidamount revenue
        netsales sales 实付金额 实付款 买家实际支付金额 实际支付金额 支付金额 付款金额 订单金额 订单总金额 总金额 总价 成交金额 交易金额
        消费金额 实收金额 销售额 应付金额 金额""",
    "order": """orderid orderno ordernumber order invoiceno invoice invoiceid transactionid transaction 订单编号 订单号 订单id 主订单编号
        单号 交易号 流水号""",
    "quantity": "quantity qty units 数量 购买数量 商品数量 件数 宝贝总数量",
    "unit_price": "unitprice price itemprice 单价 商品单价 价格",
    "status": "status orderstatus 订单状态 状态 交易状态",
}
ALIASES: dict[str, tuple[str, ...]] = {part: tuple(names.split()) for part, names in _NAMES.items()}
NEEDED = ("customer", "time")
_NOISE = re.compile(r"[\s_\-./:：]+|[(（\[【][^)）\]】]*[)）\]】]")


def find(headers: Sequence[str], wishes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Part of an order → header that holds it; `wishes` (part → header) come first.

    Raises:
        UnknownName: a wish names a part or a header that is not there.
        InputError: customer, time, or amount (or quantity and unit price) was not found.
    """
    found = dict(wishes or {})
    for part, header in found.items():
        if part not in ALIASES:
            raise UnknownName("part of an order", part, ALIASES)
        if header not in headers:
            raise UnknownName("column", header, map(str, headers))
    plain = {_plain(header): header for header in reversed(list(headers))}
    for part, aliases in ALIASES.items():
        if part not in found:
            named = next(
                (plain[alias] for alias in aliases if alias in plain and plain[alias] not in found.values()),
                None,
            )
            if named is not None:
                found[part] = named
    missing = [part for part in NEEDED if part not in found]
    if not missing and "amount" not in found and not {"quantity", "unit_price"} <= found.keys():
        missing = ["amount"]
    if missing:
        raise InputError(
            f"no column reads like the {missing[0]} of an order. There are: {', '.join(map(str, headers))}. "
            f"Name it: {missing[0]}=COLUMN."
        )
    return found


def _plain(header: str) -> str:
    return _NOISE.sub("", str(header).strip().lower())
