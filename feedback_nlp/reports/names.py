"""Names that the package itself knows: of the topics of the default taxonomy and of the platforms it reads."""

from __future__ import annotations

from functools import lru_cache

from feedback_nlp import taxonomy
from feedback_nlp.collectors import platforms

Names = dict[str, dict[str, tuple[str, str]]]


@lru_cache(maxsize=1)
def shipped() -> Names:
    """Column → value → (English, Chinese) name."""
    return {
        "topic": {topic.id: (topic.en, topic.zh) for topic in taxonomy.load().topics},
        "platform": {
            found.id: (found.names.get("en", found.id), found.names.get("zh", found.id))
            for found in platforms.shipped().values()
        },
    }
