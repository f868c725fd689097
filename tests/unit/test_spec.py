"""The question file as typed tables: what is read, where its keys stand, what a new one is like."""

import re

import pytest

from allohistory.errors import QuestionError
from allohistory.question import acts
from allohistory.question.lines import key_on, line_of, lines_of
from allohistory.question.read import read, read_text
from allohistory.question.resolve import MAPPERS, pose, resolve
from allohistory.question.shelf import bundled
from allohistory.question.spec import HEADS
from allohistory.question.template import new
from allohistory.question.told import told

HEAD = """question = "Could they?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1999, grace = 20 }
[goal]
lasting = { years = 20 }
[[pod]]
id = "a"
title = "A"
[[pod.step]]
"""


def act_of(line):
    return read_text(HEAD + line).spec.pod[0].step[0].act


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('force = { war = "W", outcome = "draw" }', acts.WarOutcome),
        ('prevent = { war = "W" }', acts.WarPrevented),
        ('force = { year = 1914, state = "S", join = "W", side = "T" }', acts.Joins),
        ('prevent = { join = "W", state = "S" }', acts.StaysOut),
        ('prevent = { annexed = "Korea", from = 1905 }', acts.NotAnnexed),
        ('hold = { treaty = "T", until = 1940 }', acts.TreatyHeld),
        ('move = { leader_exit = "L", to = 1914 }', acts.ExitMoved),
        (
            'shift = { propensity = "sympathy", state = "S", factor = 2, years = [1900, 1905] }',
            acts.Propensity,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_the_first_known_key_says_what_kind_of_step_it_is(line, kind):
    assert type(act_of(line)) is kind


def test_every_kind_of_step_has_a_verb_and_a_mapper():
    heads = sum(len(heads) for heads in HEADS.values())
    assert heads == len(MAPPERS)


def test_a_goal_may_be_short():
    question = resolve(
        read_text(
            HEAD + 'force = { dispute = "show", initiator = "Japan", '
            'target = "China", year = 1905 }'
        )
    )
    assert question.goal.level is None
    assert question.goal.among is None
    assert question.goal.years == 20
    assert question.yardstick is None


def test_lines_of_tables_keys_and_nested_items():
    text = (
        'a = 1\nb = [\n  "x = 1",\n  2,\n]\n# c = 3\n[d]\ne = """\nf = 1\n"""\n'
        "[[pod]]\n[[pod.step]]\ng = 1\n[[pod.step]]\ng = 2\n[[pod]]\n[[pod.step]]\ng = 3\n"
    )
    lines = lines_of(text)
    assert lines["a"] == 1
    assert lines["b"] == 2
    assert "c" not in lines
    assert lines["d.e"] == 8
    assert "d.f" not in lines
    assert lines["pod[0].step[1].g"] == 15
    assert lines["pod[1].step[0].g"] == 18
    assert line_of(lines, "pod[1].step[0].g.deeper[3].still") == 18
    assert line_of(lines, "pod[7].id") == lines["pod"]
    assert line_of(lines, "nowhere") is None
    assert key_on(text, 14) == "pod.step"


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_question_is_read_and_resolved(name):
    source = read(name)
    posed = pose(name)
    assert source.file == f"{name}.toml"
    assert len(posed.plans) >= 3
    assert len({pod.id for pod in source.spec.pod}) == len(source.spec.pod) == len(posed.plans)


def test_bundled_questions_differ_in_pair_and_era_and_only_one_numbers_claims():
    sources = [read(name) for name in bundled()]
    assert len(sources) >= 4
    assert len({frozenset(s.spec.pair) for s in sources}) == len(sources)
    assert len({s.spec.question for s in sources}) == len(sources)
    # Claims are rows of the ledger of one discussion; no other question comes from it.
    assert [s.file for s in sources if any(p.claim for p in s.spec.pod)] == [
        "sino-japanese-alliance.toml"
    ]


@pytest.mark.parametrize(
    ("title", "pair"),
    [
        ("Franco-German alliance", ("FRN", "GMY")),
        (("Japan", "USSR"), ("JPN", "RUS")),
        (("Poland", "Czechoslovakia"), ("POL", "CZE")),
        ('What if "nobody" is named?', ("JPN", "CHN")),
        ("Germany and Britain in 1901", ("GMY", "UKG")),
    ],
)
def test_a_new_file_can_be_asked_as_it_stands(title, pair):
    assert resolve(read_text(new(title), "new.toml")).names == pair


@pytest.mark.parametrize(
    ("title", "window", "year"),
    [
        ("Germany and Britain in 1901", (1901, 1961), 1901),
        ("Japan and China, 1931-1937", (1931, 1937), 1931),
        ("Japan and China after 1234 or 12345", (1900, 1960), 1910),
        ("Poland and Germany, 1910 to 1930", (1910, 1930), 1919),
    ],
)
def test_a_new_file_takes_the_years_that_its_title_names(title, window, year):
    """The year of "Germany and Britain in 1901" was once passed over for 1910."""
    found = resolve(read_text(new(title), "new.toml"))
    assert found.window[:2] == window
    assert found.plans[0].first == year


def test_every_step_that_a_new_file_offers_can_be_asked():
    text = new("Sino-Japanese alliance")
    head = text[: text.index("[[pod]]")]
    offers = [line[2:] for line in text.splitlines() if line.startswith("# ") and "= { " in line]
    assert len(offers) == sum(len(heads) for heads in HEADS.values()) - 1
    for offer in offers:
        pod = f'[[pod]]\nid = "a"\ntitle = "A"\n[[pod.step]]\nprobability = 0.5\n{offer}\n'
        source = read_text(head + pod)
        assert resolve(source).plans[0].assumptions
        step = source.spec.pod[0].step[0]
        sentence = told(step)
        assert sentence[0] == sentence[0].upper()
        assert sentence.endswith(".")
        assert not re.search(rf"_|=|\[|\b{step.verb}[:=]", sentence), sentence
        kept = step.act.model_dump(exclude_none=True, exclude={"round", "how"}).values()
        names = [v for v in kept if isinstance(v, str | int) and str(v)[0].isupper()]
        assert all(str(name).casefold() in sentence.casefold() for name in names), sentence


def test_a_file_that_is_not_there_names_the_questions_that_are():
    with pytest.raises(QuestionError, match='write "sino-japanese-alliance"'):
        read("sino-japanese-aliance")
