"""What fuzzing found and reading through a reader found, each by name; and the seeds themselves."""

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allohistory.answer.scenario import read_card
from allohistory.cli import app
from allohistory.errors import QuestionError
from allohistory.question import timeline
from allohistory.question.read import read_text
from allohistory.question.resolve import resolve
from allohistory.thread import ledger
from allohistory.thread.draft import draft
from allohistory.thread.posts import read_thread

SEEDS = sorted(
    path
    for path in (Path(__file__).resolve().parents[1] / "data" / "fuzz").iterdir()
    if path.suffix != ".dict"
)
DRAFT = next(path for path in SEEDS if path.name == "draft-1.toml").read_text(encoding="utf-8")
READERS = {
    "question": lambda text: resolve(read_text(text)),
    "timeline": lambda text: timeline.resolve(timeline.read_text(text)),
    "card": read_card,
    "ledger": ledger.read_text,
    "draft": ledger.read_text,
    "thread": lambda text: draft(read_thread(text)),
}


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_a_seed_is_what_its_reader_takes(path):
    """A seed that is refused at once leads nowhere."""
    assert READERS[path.name.split("-")[0]](path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("deep", [f"x = {'[' * 100_000}", f"x{'.y' * 50_000} = 1"])
def test_a_filled_draft_without_a_bottom_is_refused_soon(deep):
    """Once a RecursionError, and more than a minute for the key of many parts."""
    began = time.process_time()
    with pytest.raises(QuestionError, match="not TOML"):
        ledger.read_text(f"{deep}\n{DRAFT}")
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize("value", ["[]", "1", '"war"'])
def test_a_verb_or_measure_that_is_no_table_is_one_sentence(value):
    """Once an AttributeError, with pydantic 2.11."""
    pod = f'[[pod]]\nid = "a"\ntitle = "A"\n[[pod.step]]\nforce = {value}\n'
    head = 'question = "Q"\npair = ["Japan", "China"]\ndivergence = { from = 1900, to = 1950 }\n'
    with pytest.raises(QuestionError, match="force"):
        read_text(f"{head}horizon = 20\n[goal]\nindependent = true\n{pod}")
    with pytest.raises(QuestionError):
        ledger.read_text(DRAFT.replace('by = { goal = "best" }', f"by = {value}"))


def test_a_mark_that_acts_on_a_screen_does_not_pass_in_a_filled_draft():
    with pytest.raises(QuestionError, match=r"claim\[0\]\.claim: .*U\+001B"):
        ledger.read_text(DRAFT.replace('"They ally."', '"They\\u001b[2J ally."'))


def test_a_question_of_a_name_too_long_for_a_file_is_one_sentence():
    """Once an OSError, found by scripts/fuzz.py after 70,000 ledgers."""
    text = DRAFT.replace("polish-czechoslovak-alliance", "p" * 300)
    with pytest.raises(QuestionError, match="no question"):
        ledger.read_text(text, "l.toml")


def test_a_ledger_that_never_ends_is_refused():
    """Once read until the memory was full."""
    with pytest.raises(QuestionError, match="longer than"):
        ledger.read_ledger("/dev/zero")


def test_an_answer_of_nothing_but_brackets_is_one_sentence(tmp_path):
    """Once a RecursionError."""
    file = tmp_path / "answer.json"
    file.write_text("[" * 100_000)
    found = CliRunner().invoke(app, ["export", str(file), "--out", str(tmp_path / "out")])
    assert isinstance(found.exception, QuestionError)
    assert "this is no JSON" in str(found.exception)
