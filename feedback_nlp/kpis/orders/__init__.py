"""Loyalty from orders: who buys again, how often, for how much, who stays; and whether those who complained come back.

orders = read(frame)                     # an orders export: customer, time, amount
measure(orders)                          # one row a KPI, with its interval
retention(orders, every="month")         # one row a period
rfm(orders)                              # one row a customer
join_feedback(orders, labelled)          # do complainers come back, by topic and by whether they were answered?
"""

from feedback_nlp.kpis.orders.feedback import Joined, join_feedback
from feedback_nlp.kpis.orders.loyalty import measure
from feedback_nlp.kpis.orders.reading import Orders, read
from feedback_nlp.kpis.orders.retention import retention
from feedback_nlp.kpis.orders.rfm import SEGMENTS, rfm

__all__ = ["SEGMENTS", "Joined", "Orders", "join_feedback", "measure", "read", "retention", "rfm"]
