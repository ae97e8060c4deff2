"""Alerts sent to a web address, only when told to: KPIs, groups, numbers and comment ids, never a comment's text."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from urllib.parse import urlsplit

from feedback_nlp.errors import DeliveryError, UsageError
from feedback_nlp.signals.alert import Alert
from feedback_nlp.signals.plain import plain


def payload(alerts: Sequence[Alert]) -> dict[str, object]:
    """What is sent: the number of alerts and the alerts as plain values, without the words of the comments."""
    return {"alerts": len(alerts), "items": [_without_words(alert) for alert in alerts]}


def _without_words(alert: Alert) -> dict[str, object]:
    return {key: plain(value) for key, value in alert.to_dict().items() if key != "phrases"}


def check(url: str) -> str:
    """The host of an address that can be posted to.

    Raises:
        UsageError: the address is not http or https.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"cannot post to {url!r}. Give an address that begins with https:// or http://.")
    return parts.hostname


def post(url: str, alerts: Sequence[Alert], *, timeout: float = 10.0) -> None:
    """POST the alerts as JSON to `url`, once; redirects are not followed, proxies of the environment are not used.

    Raises:
        UsageError: the address is not http or https.
        DeliveryError: it could not be reached in `timeout` seconds, or did not answer with success.
    """
    host = check(url)
    request = urllib.request.Request(
        url,
        data=json.dumps(payload(alerts), ensure_ascii=False, allow_nan=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "feedback-nlp"},
        method="POST",
    )
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout):
            return
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"it answered {error.code}"
    except OSError as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
    raise DeliveryError(
        f"the alerts were not delivered to {host}: {reason}. They are in the output; post again when it answers."
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: the payload goes to the address given and nowhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None
