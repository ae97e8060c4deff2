"""The KPIs there are, in the order of reading."""

from __future__ import annotations

from feedback_nlp.kpis import complaints, engagement, loyalty, ratings, sentiment, service, topics, volume
from feedback_nlp.kpis.base import Kpi

KPIS: dict[str, Kpi] = {
    kpi.id: kpi
    for kpi in (
        volume.VOLUME,
        complaints.COMPLAINT_RATE,
        sentiment.NEGATIVE_RATE,
        sentiment.SENTIMENT_INDEX,
        sentiment.POLAR_INDEX,
        sentiment.REPUTATION,
        loyalty.LEAVING_RATE,
        loyalty.RETURNING_RATE,
        loyalty.LOYALTY_INDEX,
        ratings.MEAN_RATING,
        ratings.CSAT,
        ratings.NPS,
        complaints.SEVERITY_INDEX,
        complaints.CRITICAL_RATE,
        volume.SHARE_OF_VOICE,
        topics.TOPIC_SHARE,
        topics.TOPIC_COMPLAINT_RATE,
        topics.TOPIC_INDEX,
        topics.TOPIC_IMPACT,
        engagement.ENGAGEMENT_TOTAL,
        engagement.ENGAGEMENT_PER_COMMENT,
        engagement.REACH_WEIGHTED_INDEX,
        service.RESPONSE_RATE,
        service.FIRST_RESPONSE_HOURS,
        service.FIRST_RESPONSE_HOURS_P90,
        service.SLA_RATE,
        service.RESOLUTION_RATE,
        service.UNRESOLVED_RATE,
        service.BACKLOG,
    )
}

HEADLINE: tuple[str, ...] = (
    "volume",
    "complaint_rate",
    "negative_rate",
    "sentiment_index",
    "reputation",
    "loyalty_index",
    "mean_rating",
    "csat",
    "topic_share",
    "topic_complaint_rate",
)
"""What `measure` gives when not told which: of these, all that the frame's columns allow."""
