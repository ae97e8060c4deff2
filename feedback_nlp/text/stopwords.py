"""Words that say nothing by themselves when terms are counted. Negations and degrees (不, 没, not, too) are kept: they carry meaning."""

from __future__ import annotations

_ZH = """的 了 是 在 我 你 他 她 它 们 我们 你们 他们 她们 它们 咱们 自己 这 那 这个 那个 这些 那些 这样 那样 这里 那里 这种 那种 这么 那么
    之 其 而 且 与 和 跟 同 及 以及 或 或者 并 并且 但 但是 可是 然而 不过 而且 所以 因为 因此 由于 如果 虽然 即使 只要 只有 无论 还是
    就 都 也 又 再 还 才 便 即 却 则 把 被 给 让 使 由 从 到 向 对 对于 关于 按 按照 为 为了 以 于 比 用 着 过 地 得 吗 呢 吧 啊 呀 哦 噢 哈
    嘛 哇 嗯 啦 喔 哎 唉 呃 诶 个 只 件 条 次 些 点 一 一个 一些 一下 一样 一直 两 几 多 少 上 下 里 中 内 外 前 后 时 时候 现在 今天 昨天
    什么 怎么 为什么 哪 哪里 谁 多少 某 每 各 该 此 本 有 没什么 会 能 可以 可 要 想 应该 需要 来 去 说 看 做 弄 觉得 感觉 知道 认为 比较 就是
    真的 其实 然后 已经 之后 之前 以后 以前 东西 事情 情况 方面 等 等等 啥 咋 很 系 嘅 咗 喺 唔该 啲 嗰 佢 佢哋 我哋 你哋 同埋"""
_EN = """a an the and or but if so of to in on at by for from with as into about over under between through during before after
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs this that these those
    am is are was were be been being do does did doing done have has had having will would shall should can could may might
    must there here when where which who whom whose what why how than then also just really very all any both each few more
    most other some such own same s t d ll m o re ve y get got go went im ive ill id dont didnt one two thing things user"""
STOP_WORDS = frozenset(_ZH.split()) | frozenset(_EN.split())
