"""Candidates of a search: sentences that the question's own vocabulary accepts."""

import re
from collections import Counter

import pytest

from allohistory.engine.script import script_of
from allohistory.model import terms as m
from allohistory.question import spec
from allohistory.question.read import read, read_text
from allohistory.question.resolve import plan_of, resolve
from allohistory.record.tables import load
from allohistory.search.candidates import Field, ends_a_state, idle, written
from allohistory.search.reach import Reach

OTHER = """question = "Could they?"
pair = ["France", "Germany"]
divergence = { from = 1890, to = 1930, grace = 10 }
horizon = 40
[goal]
firm = { level = 2 }
lasting = { years = 15 }
[[pod]]
id = "central-powers-win"
title = "The Central Powers win"
claim = [7]
[[pod.step]]
force = { war = "First World War", outcome = "Germany wins", margin = "decisive" }
"""
SENTENCE = re.compile(r"[A-Z][^.]*[^.\s]")


def field_of(source):
    return Field(source, resolve(source), load())


@pytest.fixture(scope="module", params=["bundled", "other"])
def made(request):
    """A question's field, its own points of divergence and the vocabulary's."""
    source = read("sino-japanese-alliance") if request.param == "bundled" else read_text(OTHER)
    field = field_of(source)
    return field, field.own(), field.singles()


def test_every_candidate_resolves_as_a_file_of_the_user_would(made):
    field, _, singles = made
    assert len(singles) > 300
    for candidate in singles:
        pod = spec.Pod(id=candidate.id, title=candidate.title, step=list(candidate.steps))
        assert plan_of(field.source, 0, pod).changes == candidate.plan.changes


def test_a_written_step_reads_back(made):
    field, _, singles = made
    some = singles[:: max(len(singles) // 25, 1)]
    head = field.source.text.partition("[[pod]]")[0]
    for c in some:
        steps = "".join(f"[[pod.step]]\n{written(step)}\n" for step in c.steps)
        file = f'{head}[[pod]]\nid = "{c.id}"\ntitle = "x"\n{steps}'
        assert resolve(read_text(file)).plans[0].changes == c.plan.changes


def test_every_title_is_a_sentence_of_its_own(made):
    _, own, singles = made
    for candidate in singles:
        assert SENTENCE.fullmatch(candidate.title), candidate.title
        assert 4 <= len(candidate.title.split()) <= 32, candidate.title
        assert not re.search(r"\b[A-Z]{3}\b", candidate.title), "an id instead of a name"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", candidate.id)
    ids = Counter(c.id for c in [*own, *singles])
    assert max(ids.values()) == 1


def test_no_candidate_removes_a_state_or_does_what_history_did(made):
    field, _, singles = made
    script = script_of()
    for candidate in singles:
        assert not any(c.process == m.EXIT and c.force for c in candidate.plan.changes)
        assert not idle(candidate.plan, script)
        first, last = field.span
        assert first <= candidate.year <= last
        assert not candidate.place.beyond


def test_no_two_candidates_are_the_same(made):
    _, own, singles = made
    contents = [c.content for c in [*own, *singles]]
    assert len(set(contents)) == len(contents)


def test_what_the_file_asks_keeps_its_name_and_claims():
    source = read_text(OTHER)
    field = field_of(source)
    own, singles = field.own(), field.singles()
    assert [(c.id, c.claims, c.listed) for c in own] == [("central-powers-win", (7,), True)]
    outcomes = [c.title for c in singles if "win the First World War" in c.title]
    assert outcomes == [
        "Germany and its allies win the First World War, but only narrowly",
        "Britain and its allies win the First World War, but only narrowly",
    ]
    assert field.counts["war outcome"]["the same as another"] == 1


def test_writing_the_pact_itself_is_marked(made):
    field, own, singles = made
    direct = [c for c in singles if c.direct]
    names = [str(name) for name in field.source.spec.pair]
    assert 0 < len(direct) < len(singles) / 10
    for candidate in singles:
        members = [getattr(step.act, "members", []) for step in candidate.steps]
        assert candidate.direct >= any(set(some) >= set(names) for some in members)
        if candidate.direct:
            assert all(name in candidate.title for name in names) or "kept to" in candidate.title
    if len(own) > 1:
        assert {c.id for c in own if c.direct} == {"wang-jingwei", "neutrality-1885"}


def test_kinds_cover_the_vocabulary(made):
    _, _, singles = made
    verbs = {step.verb for c in singles for step in c.steps}
    heads = {next(iter(type(step.act).model_fields)) for c in singles for step in c.steps}
    assert verbs == {"force", "prevent", "hold", "move"}
    assert {"war", "join", "treaty", "treaty_end", "rivalry", "rivalry_end", "regime"} <= heads
    assert {"leader", "leader_exit", "dispute", "annexed", "freed"} <= heads


def test_counts_add_up(made):
    field, own, singles = made
    for kind, counts in field.counts.items():
        kept = sum(c.kind == kind for c in [*own, *singles])
        dropped = sum(n for why, n in counts.items() if why != "thought of")
        assert counts["thought of"] == kept + dropped, kind


def test_chains_stand_in_the_order_of_time():
    field = field_of(read("sino-japanese-alliance"))
    field.own()
    singles = sorted(field.singles(), key=lambda c: c.id)
    some = [c for c in singles if c.kind in {"war outcome", "rivalry ended"}][::12]
    pairs = field.chains(some, some)
    assert pairs
    for chain in pairs:
        years = [next(c for c in some if c.id == part).year for part in chain.parts]
        assert len(chain.parts) == 2
        assert years == sorted(years)
        assert chain.plan.steps == len(chain.steps)
        assert "; then " in chain.title
        assert not ends_a_state(chain.plan)
    longer = field.chains(some, pairs)
    assert all(len(chain.parts) == 3 == len(set(chain.parts)) for chain in longer)
    assert longer


def test_reach_is_of_the_pair_and_its_year():
    source = read("sino-japanese-alliance")
    question = resolve(source)
    p = script_of().panel
    reach = Reach(load(), script_of(), question.pair, 1880, 1996)
    near = {p.states[i] for i in reach.near(1905)}
    assert {"JPN", "CHN", "RUS", "UKG", "FRN", "USA"} <= near
    assert not near & {"PAR", "BOL", "SWD", "ETH"}
    assert near <= {p.states[i] for i in reach.circle(1905)}
    korea = p.index("KOR")
    assert reach.touches(korea, p.index("JPN"), 1900)
    assert not reach.there(korea, 1920)
