"""The report is one page that asks nothing of any network and loses nothing of the answer."""

import base64
import hashlib
import json
import re
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from allohistory.answer.report import asset, report
from allohistory.answer.wording import chance

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import make_answer

VOID = {"meta", "br", "input", "path", "circle", "link", "img", "hr", "col"}


class Page(HTMLParser):
    """Elements of a page, checked to be closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parts_of(text):
    packed = re.search(r'id="parts">([^<]+)</script>', text).group(1)
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def plain(text):
    return " ".join("".join(Page(text).text).split())


def test_the_page_is_well_formed_and_so_is_every_part():
    text = report(make_answer())
    assert Page(text).open == []
    for slots in parts_of(text).values():
        for inner in slots.values():
            assert Page(inner).open == []


def test_nothing_is_asked_of_a_network_and_the_policy_names_what_may_run():
    text = report(make_answer())
    page = Page(text)
    for tag, attrs in page.seen:
        assert tag not in ("iframe", "object", "embed", "base", "form")
        assert not {"src", "style"} & attrs.keys(), (tag, attrs)
        assert not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert tag != "link"
        assert not attrs.get("href", "#").startswith(("http", "//"))
    policy = next(a["content"] for t, a in page.seen if a.get("http-equiv"))
    for tag, kind in (("style", "style-src"), ("script", "script-src")):
        inner = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(inner) == 1
        digest = base64.b64encode(hashlib.sha256(inner[0].encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert "http" not in asset("report.js")
    assert "url(" not in asset("report.css")


def test_every_way_has_a_row_and_its_own_parts():
    answer = make_answer()
    text = report(answer)
    rows = [a["data-pod"] for t, a in Page(text).seen if t == "tr" and "data-pod" in a]
    parts = parts_of(text)

    assert sorted(rows) == sorted(parts) == sorted(pod["id"] for pod in answer["pods"])
    best = answer["best"]["id"]
    assert len({tuple(slots) for name, slots in parts.items() if name != best}) == 1
    for pod in answer["pods"]:
        # The best way stands on the page itself.
        told = text if pod["id"] == best else parts[pod["id"]]["title"]
        assert pod["title"] in plain(told)
        assert chance(pod["p_goal"]) in plain(told)


def test_the_best_way_stands_on_the_page_without_a_script():
    answer = make_answer()
    text = plain(report(answer))

    best = next(pod for pod in answer["pods"] if pod["id"] == answer["best"]["id"])
    for p in (best["p_goal"], best["p_base"], *best["predicates"].values()):
        assert chance(p) in text
    for row in best["curve"][::5]:
        assert f"{row['year']}{chance(row)}" in text.replace(" ", "") or chance(row) in text
    for sentence in answer["limits"]:
        assert sentence in text


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '" onload="x', "</script><b>"])
def test_markup_in_a_title_is_text(evil):
    answer = make_answer()
    answer["question"] = answer["headline"] = evil
    for pod in answer["pods"]:
        pod["title"] = evil
        pod["steps"] = [{"text": evil, "bits": 1.0, "provenance": "fitted"}]
    text = report(answer)

    scripts = [a for t, a in Page(text).seen if t == "script"]
    assert len(scripts) == 2
    assert not [a for t, a in Page(text).seen if any(name.startswith("on") for name in a)]
    for slots in parts_of(text).values():
        assert not [t for inner in slots.values() for t, _ in Page(inner).seen if t == "script"]


def test_the_same_answer_gives_the_same_bytes():
    assert report(make_answer()) == report(make_answer())


def test_an_answer_without_ways_or_curves_is_still_a_page():
    answer = make_answer()
    for pod in answer["pods"]:
        pod["curve"] = []
    assert Page(report(answer)).open == []
    answer |= {"pods": [], "best": {"id": None}}
    assert answer["headline"] in plain(report(answer))
