"""The model card is what its numbers make it: nothing measured is typed by hand."""

import json
import sys
from pathlib import Path

import pytest

from allohistory.answer import card
from allohistory.check.everything import compact

sys.path.insert(0, str(Path(__file__).parent))
from check_fixture import RESULT

DOCS = Path(__file__).resolve().parents[2] / "docs"


def kept():
    """The result that the card was written from; None before there is one."""
    file = DOCS / "check.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def text():
    return (DOCS / "model-card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", card.FULL_NAMES)
def test_the_card_says_what_was_measured_on_the_full_record(name):
    result = json.loads((DOCS / "check-full.json").read_text(encoding="utf-8"))
    assert card.marked(text())[name] == card.full_sections(result)[name]


@pytest.mark.parametrize("name", card.NAMES)
def test_the_card_says_what_was_measured(name):
    assert card.marked(text())[name] == card.sections(kept())[name]


def test_the_figures_are_drawn_from_what_was_measured():
    shown = {
        path.name: path.read_text(encoding="utf-8")
        for path in (DOCS / card.FOLDER).glob("hindcast-*.svg")
    }

    assert shown == card.figures(kept())


def test_the_kept_result_is_compact():
    result = kept() or RESULT

    assert compact(result) == result
    assert len(json.dumps(result)) < 300_000


def test_any_result_fills_every_section_and_touches_nothing_else():
    before = text()

    filled = card.fill(before, card.sections(RESULT))

    assert card.marked(filled) == card.marked(before) | card.sections(RESULT)
    assert card.fill(filled, card.sections(RESULT)) == filled
    assert card.fill(filled, card.sections(kept())) == before
    assert card.NOT_YET not in filled


def test_a_result_with_one_part_says_that_the_others_are_missing():
    alone = RESULT | dict.fromkeys(("one_step", "free_run", "hindcast", "facts", "reversals"))

    written = card.sections(alone)

    assert card.NOT_YET in written["headline"]
    assert "1 of 2 sense tests hold" in written["sense tests"]
