"""An answer reads the same on the terminal and as Markdown, and says what it does not know."""

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from allohistory.answer import markdown, terminal
from allohistory.answer.blocks import Grid
from allohistory.answer.limits import limits
from allohistory.answer.page import page, provenance_line
from allohistory.answer.wording import chance, interval, signed, top
from allohistory.ask import _headline
from allohistory.percent import percent

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import make_answer

WIDTHS = (60, 80, 100, 140)


def printed(answer, width=100, encoding="utf-8"):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    terminal.render(answer, Console(file=out, width=width, color_system=None, legacy_windows=False))
    out.flush()
    return out.buffer.getvalue().decode(encoding)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def intervals(answer):
    """Every chance of the answer that has an interval and is of the best way or a POD's own."""
    pods = answer["pods"]
    found = [pod[key] for pod in pods for key in ("p_goal", "p_base")]
    found += [answer["baseline"]["p_goal"], pods[0]["p_placebo"], pods[0]["chain"]]
    found += [*pods[0]["predicates"].values(), *answer["baseline"]["predicates"].values()]
    return found


@pytest.mark.parametrize("write", [printed, markdown.render], ids=["terminal", "markdown"])
def test_every_chance_is_shown_with_its_interval(write):
    text = squeezed(write(make_answer()))

    for p in intervals(make_answer()):
        assert squeezed(chance(p)) in text
        assert "(" in chance(p)


@pytest.mark.parametrize("write", [printed, markdown.render], ids=["terminal", "markdown"])
def test_the_advised_probability_stands_beside_the_simulated_one(write):
    text = write(make_answer())
    row = next(line for line in text.splitlines() if "force used between them" in line)

    assert [x in row for x in ("62% (51-72%)", "34%", "47%")] == [True] * 3
    flat = squeezed(text)
    assert squeezed("learnt from start years up to 1890. Only for history as it was") in flat
    assert squeezed("advice came out ahead on force and behind on war.") in flat
    assert squeezed("Without advice: a defense pact of 10 unbroken years") in flat


@pytest.mark.parametrize("write", [printed, markdown.render], ids=["terminal", "markdown"])
def test_an_answer_without_advice_says_why_and_one_of_old_says_nothing(write):
    answer = make_answer()
    answer["baseline"] |= {"advised": [], "advised_left_out": ["1885 is too early"]}
    assert "1885 is too early" in write(answer)
    del answer["baseline"]["advised"], answer["baseline"]["advised_left_out"]
    assert "dvised" not in write(answer)


@pytest.mark.parametrize("write", [printed, markdown.render], ids=["terminal", "markdown"])
def test_missing_numbers_are_no_words_of_python(write):
    answer = make_answer()
    answer["pods"][1].update(p_base=None, bits=float("nan"), one_in=float("inf"), chain=None)
    text = write(answer)

    assert not re.search(r"\b(nan|None|inf|True|False)\b", text)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width):
    lines = printed(make_answer(), width).splitlines()

    assert max(len(line) for line in lines) <= min(width, 110)
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize("width", [80, 100])
def test_no_word_of_a_way_is_broken(width):
    words = set(re.findall(r"[\w-]+", printed(make_answer(), width)))

    assert {"divergence", "Russo-Japanese", "Sino-French", "decisively"} <= words


def test_brackets_of_a_title_are_no_style():
    assert "[decisive]" in printed(make_answer())


def test_nothing_needs_more_than_ascii_where_there_is_no_more():
    answer = make_answer()

    assert printed(answer, encoding="ascii").isascii()


def test_a_line_is_drawn_for_every_way():
    text = printed(make_answer())

    assert text.count("●") >= len(make_answer()["pods"]) + 1
    assert "○" in text


def test_markdown_tables_are_well_formed():
    text = markdown.render(make_answer())
    tables = [part.split("\n") for part in text.split("\n\n") if part.startswith("|")]

    assert len(tables) == sum(isinstance(block, Grid) for block in page(make_answer()))
    for table in tables:
        pipes = [len(re.findall(r"(?<!\\)\|", line)) for line in table]
        assert len(set(pipes)) == 1
        assert all(line.startswith("| ") and line.endswith(" |") for line in table)
        assert re.fullmatch(r"\|( :?-+:? \|)+", table[1])


def test_markdown_takes_nothing_of_a_title_for_markup():
    text = markdown.render(make_answer())

    assert r"Wang Jingwei takes the KMT \| with &lt;b>" in text


def test_the_same_headings_in_both():
    heads = re.findall(r"^#+ (.+)$", markdown.render(make_answer()), re.MULTILINE)
    text = squeezed(printed(make_answer()))

    assert len(heads) > 12
    assert all(squeezed(head) in text for head in heads)


def test_a_way_outside_the_window_is_marked():
    text = markdown.render(make_answer())

    assert re.search(r"Sino-French War<br>\(outside the window\)", text)
    assert "decided in 1904" in text


@pytest.mark.parametrize(
    "tag", ["record", "fitted+elicited", "fitted and elicited", "fitted", "assumed"]
)
def test_provenance_is_visible(tag):
    assert tag in printed(make_answer())


def test_only_what_the_answer_has_is_shown():
    answer = make_answer()
    bare = {key: answer[key] for key in ("question", "headline", "pods")}
    bare["pods"] = [{"id": "x", "title": "X", "p_goal": {"p": 0.5, "lo": 0.4, "hi": 0.6}}]
    bare["best"] = {"id": "x"}

    for text in (printed(bare), markdown.render(bare)):
        assert "50% (40-60%)" in text
        assert not re.search(r"\b(nan|None)\b", text)


def test_ways_are_ranked_whatever_their_order():
    answer = make_answer()
    answer["pods"].reverse()

    assert printed(answer) == printed(make_answer())


def test_long_lists_are_cut_and_say_so():
    answer = make_answer()
    answer["sources"] = [f"Book {n}" for n in range(207)]
    answer["timeline"]["rows"][1]["actual"] = [f"Event {n}." for n in range(20)]
    text = printed(answer)

    assert "207 works" in text
    assert "Book 7" not in text
    assert "(and 14 more)" in text


def test_quantities_are_told_once():
    answer = make_answer()
    answer["follows"]["quantities"] = answer["pods"][0]["effects"]

    assert markdown.render(answer).count("standing of Japan after 5 years") == 1


def test_the_price_of_lying_outside_the_window_is_shown():
    answer = make_answer()
    answer["pods"][1]["penalty_bits"] = 2.5

    assert "(+2.5 outside)" in printed(answer)


def test_limits_use_the_numbers_of_the_answer():
    text = " ".join(limits(make_answer()))

    for part in ("7-19%", "100 parameter draws", "<1% to 14%", "93%", "1.5 bits", "1870-2016"):
        assert part in text


def test_limits_need_no_numbers():
    found = limits({"pods": []})

    assert len(found) >= 9
    assert not any(re.search(r"nan|None", text) for text in found)


def test_limits_of_an_answer_without_elicited_effects_say_so():
    answer = make_answer()
    answer["provenance"]["elicited"] = False

    assert any("left out" in text for text in limits(answer))
    assert "elicited effects left out" in provenance_line(answer)


def test_limits_given_by_the_answer_win():
    answer = make_answer()
    answer["limits"] = ["Only this."]

    assert "Only this." in printed(answer)
    assert "There is no trade" not in printed(answer)


def test_small_numbers_keep_their_doubt():
    assert percent(0.0) == "<1%"
    assert percent(1.0) == ">99%"
    assert interval(0.0, 0.002) == "<1 in 500"
    assert interval(None, 0.1) == "interval unknown"
    assert signed(-0.004, "chance") == "0"
    assert top([0.3]) == 0.5


@pytest.mark.parametrize(
    ("firm", "said"),
    [
        ({"level": 2, "behaviour": True}, "firm (a pledge of defense, kept in deeds)"),
        ({"level": 1, "behaviour": True}, "firm (any pledge, kept in deeds)"),
        ({"level": 1, "behaviour": False}, "firm (any pledge)"),
    ],
)
def test_what_is_counted_says_the_pledge_that_was_asked_for(firm, said):
    answer = make_answer()
    answer["goal"]["firm"] = firm
    assert said in markdown.render(answer)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "The only point of"), (2, "best of the 2 points")]
)
def test_the_headline_counts_the_points_of_divergence(number, said):
    chance = {"p": 0.5, "lo": 0.1, "hi": 0.9}
    pod = {"title": "A", "year": 1905, "p_goal": chance, "p_base": chance, "one_in": 8.0}
    base = {"from": 1900, "p_goal": chance, "in_history": False}
    answer = {"pair": ["Japan", "China"], "horizon": 20, "baseline": base}
    assert said in _headline(answer, [pod] * number)
