"""Whatever stands in a file, a reader gives a value or an error of ours, and writes nothing."""

import json
import time
import tomllib
from importlib.resources import files

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allohistory import runs
from allohistory.answer.scenario import FORMAT, read_card
from allohistory.errors import AllohistoryError, QuestionError, RunError
from allohistory.question import timeline
from allohistory.question.read import parsed, read, read_text
from allohistory.question.resolve import resolve
from allohistory.question.text import MOST
from allohistory.rerun import rerun

HANG = 2.0
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
QUESTION = read("sino-japanese-alliance").text
TIMELINE = next(
    place.read_text(encoding="utf-8")
    for place in sorted(files("allohistory.question").joinpath("timelines").iterdir(), key=str)
    if place.name.endswith(".toml")
)
CARD = f"""format = {FORMAT}
name = "a"
seed = 1
runs = 8
without = []
elicited = true
[made_with]
version = "0.1.0"
record = "r"
model = "m"
[answer]
hash = "h"
[question]
text = "question"
"""
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.sampled_from([1, 2, 5, 1900, 1914, 2016, 2017])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Japan", "China", "Germany", "..", "/", "\x00", "a/b", "USA"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["war", "year", "seed"]), inner,
                          max_size=3)
    ),
    max_leaves=5,
)  # fmt: skip
WORDS = ("[", "]", "{", "}", "=", '"', "'''", "\n", "#", "\x00", "1e999", "nan", "[[pod]]", "2017",
         "0", "-1", "99999999999999999999", "Japan", "[[pod.step]]", "[goal]", "\u017f", "\ud7ff",
         "1907-05-01")  # fmt: skip


@st.composite
def mangled(draw, text):
    """A text with some pieces cut out, doubled or put in."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        to = min(len(text), at + draw(st.integers(0, 40)))
        put = draw(st.sampled_from(WORDS) | st.text(max_size=5) | st.just(text[at:to] * 2))
        text = text[:at] + put + text[to:]
    return text


@st.composite
def altered(draw, table):
    """A table of values, one of which (at any depth) is another or is gone."""
    table = json.loads(json.dumps(table))
    place = table
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = draw(st.sampled_from(list(keys)))
        if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 9)):
            place = place[key]
            continue
        value = draw(VALUES)
        if value is None:
            del place[key]
        else:
            place[key] = value
        return table


def toml(table):
    """Text of a table, or nothing where it holds what no TOML can."""
    try:
        return tomli_w.dumps(table)
    except (TypeError, ValueError):
        return ""


def spent(call, *given):
    """What a reader gives, or the sentence of its error; anything else is raised."""
    began = time.process_time()
    try:
        found = call(*given)
    except AllohistoryError as error:
        found = str(error)
        assert found
        assert "\n" not in found
    assert time.process_time() - began < HANG
    return found


def question_of(text):
    return resolve(read_text(text, "q.toml"))


def timeline_of(text):
    return timeline.resolve(timeline.read_text(text, "t.toml"))


READERS = {"question": question_of, "timeline": timeline_of, "card": read_card}
TEXTS = {"question": QUESTION, "timeline": TIMELINE, "card": CARD}


@pytest.fixture(autouse=True)
def warm():
    """The tables are read before the clock runs."""
    question_of(QUESTION)


@pytest.mark.parametrize("name", READERS)
@FUZZ
@given(data=st.data())
def test_a_mangled_text_is_read_or_refused_in_a_sentence(name, data):
    spent(READERS[name], data.draw(mangled(TEXTS[name])))


@pytest.mark.parametrize("name", READERS)
@FUZZ
@given(data=st.data())
def test_any_other_value_is_read_or_refused_in_a_sentence(name, data):
    spent(READERS[name], toml(data.draw(altered(tomllib.loads(TEXTS[name])))))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("deep", ["x = " + "[" * 100_000, "x" + ".y" * 50_000 + " = 1",
                                  'x . "y y"' + " . 'y.y'" * 50_000 + " = 1",
                                  "x = " + "{a=" * 50_000, "#" * (MOST + 1)])  # fmt: skip
def test_a_bottomless_text_is_refused_soon(name, deep):
    began = time.process_time()
    with pytest.raises(QuestionError):
        READERS[name](deep)
    assert time.process_time() - began < HANG


@pytest.mark.parametrize("reader", [read, timeline.read, rerun], ids=list(READERS))
def test_an_endless_file_is_read_no_further_than_ours_are_long(reader):
    with pytest.raises(QuestionError, match="longer than"):
        reader("/dev/zero")


def test_a_key_of_many_parts_is_found_and_a_sentence_of_many_points_is_not():
    assert parsed(f'note = "{"a. b, c. " * 300}"\n{"x." * 60}y = 1\n')
    with pytest.raises(tomllib.TOMLDecodeError, match="parts"):
        parsed(f"{'x.' * 64}y = 1")


MANIFEST = {
    "name": "q",
    "question": "Could they?",
    "file": "q.toml",
    "settings": {"runs": 8, "seed": 1, "without": [], "elicited": True, "search": False},
    "version": "0",
    "world": "w",
    "began": "2020-01-01T00:00:00+00:00",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a run that was begun."""
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path / "home"))
    place = tmp_path / "home" / "runs" / "q-1"
    place.mkdir(parents=True)
    (place / "q.toml").write_text(QUESTION, encoding="utf-8")
    return place


def look(place):
    """All that a list of runs and a page of one read of its folder."""
    for run in runs.every():
        assert run.question.parent == place
        assert isinstance(run.manifest["began"] + run.manifest["question"], str)
        assert run.settings.seed >= 0
        run.progress().get("text")
        runs.damage(run)
        spent(run.answer)
    for name, wrong in runs.unreadable():
        assert name == "q-1"
        assert all(isinstance(clause, str) for clause in wrong)
    spent(runs.find, "q")


@FUZZ
@given(manifest=altered(MANIFEST) | VALUES, progress=VALUES, seal=VALUES | altered({"q.toml": "h"}))
def test_any_manifest_progress_or_seal_is_read_or_left_alone(folder, manifest, progress, seal):
    before = sorted(p.name for p in folder.parent.parent.rglob("*"))
    for name, value in (("manifest.json", manifest), ("progress.json", progress),
                        ("sealed.json", seal)):  # fmt: skip
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    look(folder)
    after = sorted(p.name for p in folder.parent.parent.rglob("*"))
    assert set(after) - set(before) <= {"manifest.json", "progress.json", "sealed.json", ".lock"}


@pytest.mark.parametrize("name", ["manifest.json", "progress.json", "sealed.json"])
@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[" * 100_000, b"{}", b"[1]", b"null", b"1"])
def test_a_file_of_a_run_that_is_no_json_of_ours_is_left_alone(folder, name, raw):
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    (folder / name).write_bytes(raw)
    look(folder)


@pytest.mark.parametrize("key", ["question", "file", "settings", "began"])
def test_a_manifest_that_lacks_what_a_page_shows_is_no_manifest(folder, key):
    short = {k: v for k, v in MANIFEST.items() if k != key}
    (folder / "manifest.json").write_text(json.dumps(short), encoding="utf-8")
    with pytest.raises(RunError, match="readable"):
        runs.opened(folder)


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/b", "..", "\\", "a\x01b", "é" * 300])
def test_a_card_names_no_file_elsewhere(name):
    card = spent(read_card, toml({**tomllib.loads(CARD), "name": name}))
    assert not isinstance(card, str)
    assert not set("/\\\0") & set(card.name)
    assert 0 < len(f"{card.name}.toml".encode()) <= 255
