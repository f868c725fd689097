"""The workbench in a real browser: by keyboard alone, on a phone, in the dark, after a restart."""

import os
import signal
from contextlib import suppress

import pytest

from allohistory import runs

PAGES = ("/", "/?question=sino-japanese-alliance", "/runs", "/record?one=Japan&other=China",
         "/record?name=Portsmouth", "/compare", "/method")  # fmt: skip


def type_in(page, name, text):
    page.focus(f"[name={name}]")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def build(page, address, *, horizon="20", runs_="8"):
    """Ask by keyboard alone: Germany and Britain in 1901."""
    page.goto(address + "/")
    for name, text in (("from", "1901"), ("to", "1930"), ("one", "Germany"), ("other", "Britain"),
                       ("years", "5"), ("horizon", horizon)):  # fmt: skip
        type_in(page, name, text)
    page.keyboard.press("Tab")
    page.click("button.main")
    page.wait_for_selector("text=Now add a point of divergence")
    assert page.input_value("[name=one]") == "Germany"
    page.focus("text=Start a new file from this sentence")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Now add a point of divergence")
    page.focus("select[name=kind]")
    page.keyboard.type("A treaty is signed")
    page.wait_for_selector("#step [name=treaty]")
    for name, text in (("treaty", "Anglo-German Alliance"), ("members", "Britain, Germany"),
                       ("year", "1901"), ("obligations", "defense"),
                       ("title", "The talks of 1901 succeed")):  # fmt: skip
        type_in(page, name, text)
    page.focus("text=Add as a new point of divergence")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=It can be asked")
    type_in(page, "runs", runs_)
    page.focus("button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/*")


@pytest.fixture(scope="module")
def answered(server, chromium):
    """Address of a finished run."""
    page = chromium.new_page()
    page.set_default_timeout(180_000)
    build(page, server.address)
    page.wait_for_selector("#ways")
    url = page.url
    page.close()
    return url


def test_a_question_is_asked_by_keyboard_and_read(answered, open_page, shot):
    page = open_page()
    page.goto(answered)
    assert "The talks of 1901 succeed" in page.inner_text("#ways")
    assert page.query_selector("svg.broad path.alternate")
    assert "Britain and Germany sign the Anglo-German Alliance" in page.inner_text("main")
    shot(page, "answer")
    page.goto(answered + "/evidence")
    page.click("text=Compare with another run")
    page.wait_for_selector("text=Two finished runs are needed")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_pages_fit_and_axe_finds_nothing(server, answered, open_page, axe, shot, path, look):
    page = open_page(width=390 if look == "phone" else 1100, dark=look == "dark", bypass_csp=True)
    for where in {server.address + path, *((answered, answered + "/evidence") * (path == "/"))}:
        page.goto(where)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{where} scrolls sideways by {wide} px"
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]
        assert told == [], where
        shot(page, f"{where.rpartition('/')[2][:20]}-{look}".replace("?", "-"))


def test_a_saved_report_opens_offline_and_rows_change_what_is_below(
    answered, open_page, shot, tmp_path
):
    page = open_page(accept_downloads=True)
    page.goto(answered)
    with page.expect_download() as got:
        page.click("text=Save report (HTML)")
    path = tmp_path / "report.html"
    got.value.save_as(path)
    assert path.stat().st_size <= 600_000
    again = open_page(offline=True)
    again.goto(f"file://{path}")
    title = again.inner_text("[data-slot=title] h2")
    assert "The talks of 1901 succeed" in title
    before = again.inner_text(".world:visible")
    again.click("text=Another world")
    again.wait_for_selector(".world[data-world='1']:visible")
    assert again.inner_text(".world:visible") != before
    assert len(again.query_selector_all(".world:visible")) == 1
    tables = "details.fold"
    assert again.locator(tables).count() == again.locator(f"{tables}[open]").count() > 3
    again.emulate_media(media="print")
    assert not again.is_visible("input[name=pod]")
    shot(again, "report-print")
    again.emulate_media(media="screen")
    again.set_viewport_size({"width": 390, "height": 900})
    again.wait_for_function("!document.querySelector('details.fold[open]')")
    tall = again.evaluate("document.documentElement.scrollHeight")
    shot(again, "report-phone")
    again.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert again.locator(tables).count() == again.locator(f"{tables}[open]").count()
    assert again.evaluate("document.documentElement.scrollHeight") > 1.3 * tall


def test_choosing_a_row_changes_all_below(open_page, tmp_path):
    """Of an answer with several ways."""
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
    from answer_fixture import make_answer

    from allohistory.answer.report import report

    answer = make_answer()
    path = tmp_path / "report.html"
    path.write_text(report(answer), encoding="utf-8")
    page = open_page(offline=True)
    page.goto(f"file://{path}")
    other = next(pod for pod in answer["pods"] if pod["id"] != answer["best"]["id"])
    page.focus("input[name=pod]:checked")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f"tr.chosen[data-pod={other['id']}]")
    assert other["title"] in page.inner_text("[data-slot=title] h2")
    assert other["title"] in page.inner_text("#chosen")
    again = open_page(offline=True)
    again.goto(page.url)
    again.wait_for_selector(f"tr.chosen[data-pod={other['id']}]")


def test_a_run_outlives_the_server_and_is_stopped_and_gone_on_with(server, open_page, monkeypatch):
    monkeypatch.setenv("ALLOHISTORY_HOME", str(server.home))
    page = open_page()
    build(page, server.address, horizon="50", runs_="400")
    name = page.url.rpartition("/")[2]
    page.wait_for_selector("progress[value]")
    server.stop()
    assert runs.find(name).state == "running"
    server.start()
    try:
        page.goto(f"{server.address}/runs/{name}")
        page.wait_for_selector("progress")
        page.click("text=Stop")
        page.wait_for_selector("text=Go on")
        assert runs.find(name).state == "unfinished"
        page.click("text=Go on")
        page.wait_for_selector("progress[value]")
    finally:
        with suppress(KeyError, ProcessLookupError):
            os.killpg(runs.find(name).progress()["process"], signal.SIGTERM)
