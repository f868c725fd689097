"""The workbench serves this machine, runs nothing of a stranger's and loses nothing."""

import html
import re

import pytest

pytest.importorskip("starlette")
from starlette.testclient import TestClient

from allohistory import runs
from allohistory.question.read import read
from allohistory.web.app import application

TOKEN = "t0ken"
HEAD = {"host": "127.0.0.1"}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path))
    found = TestClient(application(1, TOKEN), base_url="http://127.0.0.1", follow_redirects=False)
    found.place = tmp_path
    return found


@pytest.mark.parametrize("path", ["/", "/runs", "/record", "/compare", "/method",
                                  "/?question=sino-japanese-alliance"])  # fmt: skip
def test_every_page_is_there_under_a_strict_policy(client, path):
    got = client.get(path)
    assert got.status_code == 200
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", got.text)
    assert not re.search(r"<script(?![^>]*src=)", got.text)


def test_a_foreign_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("token", ["", "x", TOKEN + "x", "tökén"])
def test_what_changes_anything_needs_the_token(client, token):
    text = read("sino-japanese-alliance").text
    got = client.post("/ask", data={"text": text, "token": token})
    assert got.status_code == 403
    assert list(client.place.iterdir()) == []


def test_a_form_from_another_place_is_refused(client):
    got = client.post("/file", data={"token": TOKEN}, headers={"origin": "http://evil.example"})
    assert got.status_code == 403


def test_too_large_a_body_is_refused(client):
    got = client.post("/file", data={"token": TOKEN, "text": "x" * (5 << 20)})
    assert got.status_code == 413
    assert "MB" in got.text


def test_a_bad_file_is_one_sentence(client):
    got = client.post("/ask", data={"token": TOKEN, "text": "question = 1"})
    assert got.status_code == 400
    assert "question.toml, line 1" in got.text
    assert "Traceback" not in got.text
    assert list(client.place.iterdir()) == []


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("path", [f"/record?one={EVIL}&other={EVIL}", f"/record?name={EVIL}",
                                  f"/runs/{EVIL}", f"/compare?one={EVIL}&other=x",
                                  f"/step?kind={EVIL}", "/nothing" + EVIL])  # fmt: skip
def test_markup_in_an_address_is_text(client, path):
    got = client.get(path)
    assert got.status_code in (200, 400, 404, 405)
    assert EVIL not in got.text


@pytest.mark.parametrize("name", ["..", "%2e%2e", "..%2f..%2fetc", "%2fetc%2fpasswd", "a%00b"])
def test_no_address_leaves_the_run_store(client, name):
    (client.place / "secret.txt").write_text("secret")
    for path in (f"/runs/{name}", f"/runs/{name}/save/answer.json", f"/runs/{name}/progress",
                 f"/static/{name}/secret.txt"):  # fmt: skip
        got = client.get(path)
        assert got.status_code < 500, path
        assert "secret" not in got.text
    client.post(f"/runs/{name}/remove", data={"token": TOKEN})
    assert (client.place / "secret.txt").exists()


def form(**more):
    first = {"one": "Germany", "other": "Britain", "from": "1901", "to": "1930", "years": "20",
             "horizon": "30", "mutual": "on"}  # fmt: skip
    return first | more | {"token": TOKEN}


def text_of(got):

    return html.unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", got.text, re.DOTALL).group(1)
    )


def test_a_question_is_built_from_the_form(client):
    hx = {"hx-request": "true"}
    first = client.post("/file", data=form(act="sentence"), headers=hx)
    assert "Now add a point of divergence" in first.text
    inputs = client.get("/step?kind=force.treaty").text
    assert 'list="treaties"' in inputs
    assert 'list="states"' in inputs
    treaty = {"treaty": "Anglo-German Alliance", "members": "Britain, Germany", "year": "1901",
              "obligations": "defense", "title": "The talks of 1901 succeed"}  # fmt: skip
    second = client.post(
        "/file",
        data=form(act="way", kind="force.treaty", text=text_of(first), **treaty),
        headers=hx,
    )
    assert "It can be asked" in second.text
    third = client.post(
        "/file",
        data=form(act="step", kind="prevent.war", text=text_of(second), war="First World War"),
        headers=hx,
    )
    text = text_of(third)
    assert text.count("[[pod]]") == 1
    assert text.count("[[pod.step]]") == 2
    assert "Anglo-German Alliance" in text
    bad = client.post(
        "/file", data=form(act="way", kind="prevent.war", text=text, war="Firzt World War"),
        headers=hx,
    )  # fmt: skip
    assert "First World War" in bad.text
    assert 'role="alert"' in bad.text
    assert text_of(bad) == text, "a step that does not fit is told of and not kept"


def test_a_mistake_in_the_first_step_can_be_mended_in_its_form(client):
    """Kept in the file, it would be wrong still once the better one stands beside it."""
    step = {"treaty": "Anglo-German Alliance", "members": "Britain, Germany", "year": "1901"}
    wrong = form(act="way", kind="force.treaty", obligations="defence", **step)
    bad = client.post("/file", data=wrong)
    assert "This step was not added" in bad.text
    assert "write &#34;defense&#34; instead" in bad.text
    good = client.post("/file", data=wrong | {"obligations": "defense", "text": text_of(bad)})
    assert "It can be asked" in good.text
    assert text_of(good).count("[[pod]]") == 1
    assert "A treaty is signed: Anglo-German Alliance" in text_of(good)


def test_without_a_script_the_form_still_gives_a_page(client):
    got = client.post("/file", data=form(act="sentence"))
    assert "<!doctype html>" in got.text
    assert "pair" in text_of(got)


def test_a_run_is_begun_watched_and_read(client, monkeypatch):
    """The run's process is started by its command; here it is done in place."""
    from allohistory.running import execute
    from allohistory.web import processes

    started = []
    monkeypatch.setattr(processes, "start", lambda run, _: started.append(run))
    text = text_of(client.post("/file", data=form(
        act="way", kind="force.treaty", treaty="T", members="Britain, Germany", year="1901",
        obligations="defense", title="Talks <succeed>", horizon="20", years="5")))  # fmt: skip
    got = client.post("/ask", data={"token": TOKEN, "text": text, "runs": "8", "seed": ""})
    assert got.status_code == 303
    page = got.headers["location"]
    assert [f"/runs/{run.id}" for run in started] == [page]

    assert "not finished" in client.get(page).text
    assert client.get(f"{page}/save/answer.json").status_code == 400
    execute(started[0])
    assert client.get(f"{page}/progress").headers["hx-redirect"] == page
    answer = client.get(page).text
    assert 'id="ways"' in answer
    assert "Talks &lt;succeed&gt;" in answer
    for what in ("report.html", "answer.md", "answer.json", "question.toml"):
        got = client.get(f"{page}/save/{what}")
        assert got.status_code == 200
        assert got.headers["content-disposition"].startswith("attachment")
    assert "seed 1" in client.get(f"{page}/evidence").text
    name = started[0].id
    assert "Nothing changes" in client.get(f"/compare?one={name}&other={name}").text
    (started[0].folder / runs.ANSWER).write_text("{}")
    assert "altered or cut short" in client.get(page).text
    assert client.post(f"{page}/remove", data={"token": TOKEN}).status_code == 303
    assert not started[0].folder.exists()
