"""The report as a reader meets it: in a browser, with no network, in both languages, small, large and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from feedback_nlp.reports import html

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM or not DRIVER, reason="Chromium and its driver are not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
CUT_OFF = """
const shown = e => !e.closest('.scroll, .contents, svg, .skip') && e.getBoundingClientRect().width > 0;
return [...document.querySelectorAll('body *')]
  .filter(e => shown(e) && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.tagName + '.' + e.className);
"""
SIZES = """
return [...document.querySelectorAll(arguments[0])].map(e => {
  const box = e.getBoundingClientRect(); return [box.width, box.height];
}).filter(([w, h]) => w > 0 || h > 0);
"""
FAINT = """
const light = c => { const v = c / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const luma = c => 0.2126 * light(c[0]) + 0.7152 * light(c[1]) + 0.0722 * light(c[2]);
const rgba = t => { const n = t.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const behind = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor);
  if (c[3] > 0.99) return c; } return rgba(getComputedStyle(document.body).backgroundColor); };
const words = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().width > 0
  && !['SCRIPT', 'STYLE'].includes(e.tagName) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
return [words.length, words.map(e => {
  const style = getComputedStyle(e), text = rgba(e.closest('svg') ? style.fill : style.color);
  const [a, b] = [luma(text), luma(behind(e.closest('svg') ? e.closest('svg').parentElement : e))].sort((x, y) => y - x);
  return [Math.round(100 * (a + 0.05) / (b + 0.05)) / 100, e.tagName + '.' + (e.getAttribute('class') || '')];
}).filter(([ratio]) => ratio < 4.5)];
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(samples, tmp_path_factory) -> Any:
    folder = tmp_path_factory.mktemp("reports")
    for lang in ("en", "zh"):
        html.write(samples.analysis(), folder / f"{lang}.html", lang=lang)
    return folder


def show(browser: Any, path: Any, *, width: int = 1280, dark: bool = False) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get_log("browser")
    browser.get(path.as_uri())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_opens_without_a_complaint_and_fits_the_width(browser, pages, lang, width):
    show(browser, pages / f"{lang}.html", width=width)
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(CUT_OFF) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_charts_have_marks_that_can_be_seen(browser, pages, width):
    show(browser, pages / "zh.html", width=width)
    for marks, least in (
        ("svg.chart path.line", 8),
        ("svg.chart path.band", 8),
        ("svg.chart circle.few", 7),
        ("svg.chart rect.column", 25),
        ("svg.strip rect.mark", 13 * 25),
        ("svg.parts rect.mark", 9),
        ("svg.step rect.mark", 6),
        ("svg.interval circle", 13 * 3),
        ("svg.spark path.line", 8),
    ):
        sizes = browser.execute_script(SIZES, marks)
        assert len(sizes) >= least, marks
        assert all(w > 0.4 and h >= 0 for w, h in sizes), marks
    for chart in browser.execute_script(SIZES, "svg.chart"):
        assert chart[0] > 250
        assert chart[1] > 120


@pytest.mark.parametrize("dark", [False, True])
def test_every_word_stands_out_from_what_is_behind_it(browser, pages, dark):
    show(browser, pages / "en.html", dark=dark)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    words, faint = browser.execute_script(FAINT)
    assert words > 500
    assert faint == []


def test_dark_is_dark(browser, pages):
    paper = "return getComputedStyle(document.body).backgroundColor"
    show(browser, pages / "en.html")
    light = browser.execute_script(paper)
    show(browser, pages / "en.html", dark=True)
    assert light == "rgb(251, 250, 246)"
    assert browser.execute_script(paper) == "rgb(21, 23, 26)"


def test_a_chart_says_its_points_to_pointer_and_keyboard(browser, pages):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    show(browser, pages / "en.html")
    tip = browser.find_element("id", "tip")
    assert not tip.is_displayed()
    chart = browser.find_element("css selector", ".wide svg.chart")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", chart)
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    ActionChains(browser).move_to_element(chart).perform()
    assert "n = " in tip.text.replace("\u00a0", " ")
    chart.send_keys(Keys.HOME)
    assert tip.text.startswith("2024-W01")
    chart.send_keys(Keys.ARROW_RIGHT)
    assert tip.text.startswith("2024-W02")
    chart.send_keys(Keys.ESCAPE)
    assert not tip.is_displayed()


def test_a_hostile_dump_does_not_act(browser, samples, tmp_path):
    attack = "</style></script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    path = html.write(samples.with_text(attack), tmp_path / "report.html")
    show(browser, path)
    assert browser.get_log("browser") == []
    assert browser.title == attack
    assert browser.execute_script("return [document.scripts.length, document.images.length]") == [1, 0]


def test_the_policy_stops_what_would_get_past_the_escaping(browser, pages, tmp_path):
    text = (pages / "en.html").read_text(encoding="utf-8")
    path = tmp_path / "broken.html"
    path.write_text(
        text.replace("</main>", "<script>document.title='taken'</script></main>"), encoding="utf-8"
    )
    show(browser, path)
    assert browser.title == "Spring orders 2024"
    assert any("Content Security Policy" in entry["message"] for entry in browser.get_log("browser"))


def test_prints_light_and_whole(browser, pages):
    show(browser, pages / "en.html", dark=True)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert (
        browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert browser.execute_script(SIZES, "nav.contents") == []
