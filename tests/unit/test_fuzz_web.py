"""Whatever a browser sends, the workbench answers with a page or a refusal, and writes nothing."""

import time

import pytest

pytest.importorskip("starlette")
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from allohistory.question.read import read
from allohistory.question.resolve import resolve
from allohistory.web import compose, kinds
from allohistory.web.app import application

TOKEN = "t0ken"
HANG = 2.0
FUZZ = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TEXT = st.text(max_size=12) | st.sampled_from(
    ["", "..", "../..", "Japan", "China", "1900", "9" * 40, "-1", "nan", "1e400", "\x00", "%s",
     "pod = [1]", "pod = 1", "pod = [{step = 1}]", "[[pod]]\nstep = [1]", "[" * 60_000,
     "x = " + "{a=" * 20_000, "<script>", "{{7*7}}", "\u202e"]
)  # fmt: skip
KINDS = st.sampled_from([*kinds.KINDS, "", "force", "force.nothing"])
FIELDS = sorted({f.name for kind in kinds.KINDS for f in compose.fields(kind)})
SEGMENT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8) | st.sampled_from(
    ["runs", "step", "static", "shared", "..", "%2e%2e", "%2f", "%00", "save", "evidence",
     "progress", "compare", "record", "method", "ask", "file", "remove", "stop", "resume", "etc",
     "passwd", "app.py", "web.css", "x" * 5000]
)  # fmt: skip


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A browser; nothing may be begun or written."""
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path / "home"))
    found = TestClient(application(1, TOKEN), base_url="http://127.0.0.1", follow_redirects=False)
    found.get("/record?one=Japan&other=China")
    resolve(read("sino-japanese-alliance"))
    found.place = tmp_path
    return found


def tried(client, method, path, **given):
    """An answer below 500 within the time, with nothing written; an exception is raised here."""
    began = time.process_time()
    got = client.request(method, path, **given)
    assert time.process_time() - began < HANG, path
    assert got.status_code < 500, (path, got.text[-300:])
    assert "Traceback" not in got.text
    assert list(client.place.rglob("*")) == []
    return got


@FUZZ
@given(st.lists(SEGMENT, max_size=4), st.dictionaries(
    st.sampled_from(["question", "kind", "one", "other", "name"]), TEXT, max_size=3))  # fmt: skip
@example(["runs", "x"], {})
@example(["static", "..", "app.py"], {})
@example(["static", "%2e%2e", "app.py"], {})
@example(["static", "%00"], {})
def test_any_path_is_a_page_or_a_refusal(client, segments, query):
    path = "/" + "/".join(s.replace("?", "").replace("#", "") for s in segments)
    try:
        got = tried(client, "GET", path, params=query)
    except UnicodeEncodeError:
        return  # the client cannot send it
    except Exception as error:
        if type(error).__name__ == "InvalidURL":
            return
        raise
    assert "def application" not in got.text


@FUZZ
@given(
    act=st.sampled_from(["sentence", "way", "step", "", "x"]),
    kind=KINDS,
    given=st.dictionaries(
        st.sampled_from([*FIELDS, "text", "title", "note", "probability", "one", "years"]), TEXT,
        max_size=8,
    ),
)  # fmt: skip
@example("step", "force.war", {"text": "pod = [1]", "war": "a", "outcome": "b"})
@example("step", "force.war", {"text": "pod = [{step = 1}]", "war": "a", "outcome": "b"})
@example("way", "force.war", {"text": "x = " + "[" * 60_000, "war": "a", "outcome": "b"})
@example("", "", {"text": "x = " + "[" * 60_000})
def test_any_form_is_a_page_or_a_refusal(client, act, kind, given):
    got = tried(client, "POST", "/file", data={"act": act, "kind": kind, "token": TOKEN} | given)
    assert "<script>alert" not in got.text


@FUZZ
@given(TEXT, TEXT, TEXT)
@example("x = " + "[" * 60_000, "", "")
def test_what_cannot_be_asked_is_refused(client, text, runs, seed):
    given = {"text": text, "runs": runs, "seed": seed, "token": TOKEN}
    assert tried(client, "POST", "/ask", data=given).status_code == 400


def test_numbers_of_an_ask_are_whole_and_bounded(client):
    text = read("sino-japanese-alliance").text
    for runs in ("-1", "1e3", "7", "9" * 30, "8.0", "x"):
        given = {"text": text, "runs": runs, "token": TOKEN}
        assert tried(client, "POST", "/ask", data=given).status_code == 400


@FUZZ
@given(
    st.binary(max_size=200),
    st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
                     "multipart/form-data", "text/plain", "application/json", "x"]),
    st.sampled_from(["/ask", "/file", "/runs/a/remove", "/runs/a/stop", "/nowhere"]),
)  # fmt: skip
def test_a_body_without_the_token_is_refused(client, body, kind, path):
    got = tried(client, "POST", path, content=body, headers={"content-type": kind})
    assert got.status_code in {403, 413}
