"""Alerts posted to a server of our own: ids and numbers arrive, words do not."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from feedback_nlp.errors import DeliveryError, UsageError
from feedback_nlp.signals import Alert, Phrase
from feedback_nlp.signals.webhook import payload, post

DAY = dt.date(2024, 3, 4)
ALERT = Alert(
    kpi="complaint_rate",
    group=(("product", "茶"),),
    period=DAY,
    observed=0.3,
    n=50,
    expected=0.1,
    low=0.05,
    high=0.16,
    direction="up",
    rule="point",
    p=1e-5,
    q=1e-4,
    baseline=(DAY, DAY),
    phrases=(Phrase("快递迟到", 4.0, 2.0, 1, 9, ("c1",)),),
    examples=("c1", "c2"),
)


@pytest.fixture
def server():
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["Content-Type"], json.loads(body)))
            status = {"/fails": 500, "/moved": 307}.get(self.path, 204)
            self.send_response(status)
            if status == 307:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", got
        running.shutdown()
        thread.join()


def test_it_arrives_without_words(server):
    url, got = server
    post(url + "/hook", [ALERT])
    ((path, kind, body),) = got
    assert (path, kind) == ("/hook", "application/json; charset=utf-8")
    assert body["alerts"] == 1
    assert body["items"][0]["group"] == {"product": "茶"}
    assert body["items"][0]["examples"] == ["c1", "c2"]
    assert "迟到" not in json.dumps(payload([ALERT]), ensure_ascii=False)


@pytest.mark.parametrize(("path", "says"), [("/fails", "500"), ("/moved", "307")])
def test_another_answer_is_an_error_and_is_not_followed(server, path, says):
    url, got = server
    with pytest.raises(DeliveryError, match=says):
        post(url + path, [ALERT])
    assert len(got) == 1


def test_nobody_there_and_no_address():
    with pytest.raises(DeliveryError, match="not delivered"):
        post("http://127.0.0.1:9", [ALERT], timeout=2)
    for url in ("file:///etc/passwd", "ftp://host/x", "host/x"):
        with pytest.raises(UsageError, match="https"):
            post(url, [])
