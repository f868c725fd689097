"""A ledger written for a forum, and the works that it cites."""

import re
import sys
from pathlib import Path

import pytest

from allohistory.answer import bbcode
from allohistory.answer.export.bibliography import year_of
from allohistory.thread.citations import cited, works
from allohistory.thread.evaluate_verdict import RULES
from allohistory.thread.ledger import read_ledger, rows
from allohistory.thread.ledger_page import forum
from allohistory.thread.premises import facts

sys.path.insert(0, str(Path(__file__).parent))
from test_bbcode import EVIL, parse, plain, squeezed, tags


def row(n, who="A", text="It helps"):
    return {
        "n": n,
        "who": who,
        "claim": f"{text}.",
        "quote": f"{text} [B]so[/B] they say",
        "kind": "effect",
        "verdict": "leaning",
        "number": 0.02,
        "unit": "points",
        "interval": [-0.01, 0.05],
        "basis": ["fitted"],
        "reads": f"Read as: {text}.",
        "reason": f"{text}: what it adds is +2.0 points.",
        "luck": "It stays on its side.",
        "conventions": {},
        "evidence": [f"Beside {n}: {text}."],
        "analogues": ["Spain and United States (1963-1969)"],
        "sources": ["Nish, Ian. The Origins of the Russo-Japanese War. Longman, 1985."],
    }


def ledger(text="It helps"):
    return {
        "title": "WI: an alliance?",
        "question": text,
        "headline": "The chance is 1.2%.",
        "rules": RULES,
        "counts": {"leaning": 3},
        "rows": [row(1, "A", text), row(2, "A", text), row(3, "B", text)],
        "provenance": {"runs": 80, "draws": 80, "seed": 1, "version": "0"},
    }


def test_a_ledger_for_a_forum_has_only_the_stated_tags_and_all_that_is_said():
    told = ledger()
    text = forum(told, full=True)
    tree = parse(text)
    used = {name for name, _, _ in tags(tree)}

    assert used <= bbcode.TAGS
    # A reply drops what is quoted: whoever quotes the post again keeps all of it.
    assert "QUOTE" not in used
    back = squeezed(plain(tree))
    for one in told["rows"]:
        for part in (one["quote"], one["reason"], one["luck"], *one["evidence"], *one["analogues"]):
            assert squeezed(part) in back
        assert squeezed(f"{one['n']}. {one['claim']}") in back
        assert squeezed(one["sources"][0]) in back


def test_reasons_are_folded_by_poster_and_the_verdicts_stand_open():
    tree = parse(forum(ledger(), full=True))
    folded = [node for node in tags(tree) if node[0] == "SPOILER"]

    assert len(folded) == 3
    assert re.findall(r"Beside \d", plain(folded[0])) == ["Beside 1", "Beside 2"]
    assert not any(inner[0] == "SPOILER" for node in folded for inner in tags(node))
    (opened,) = [node for node in tree[2] if node[0] == "LIST"]
    assert plain(opened).count("leaning") == 3


def test_one_row_answers_one_poster():
    told = ledger()
    text = plain(parse(forum(told, only=[3])))

    assert "3. It helps." in text
    assert "1. It helps." not in text
    assert "Beside" not in text


@pytest.mark.parametrize("evil", EVIL)
def test_markup_in_a_quote_comes_back_as_text(evil):
    tree = parse(forum(ledger(evil), full=True))

    assert {name for name, _, _ in tags(tree)} <= bbcode.TAGS - {"QUOTE", "URL"}
    assert squeezed(plain(tree)).count(squeezed(f"Beside 1: {evil}.")) == 1


# ---- works --------------------------------------------------------------------------------------
def test_every_work_cited_is_told_in_full():
    known = works()
    cites = [text for fact in facts().values() for text in fact.source]
    cites += [text for one in rows(read_ledger("sino-japanese-alliance")) for text in one.source]

    assert len(cites) >= 8
    for text in cites:
        key = text.partition(",")[0]
        assert cited(text).startswith(known[key].rstrip("."))
        # Author or body, title and year.
        assert len(known[key]) > 40
        assert year_of(known[key])


def test_remarks_on_history_name_their_works():
    by = {one.n: one for one in rows(read_ledger("sino-japanese-alliance"))}

    assert all(by[n].source for n in (40, 48, 59))
