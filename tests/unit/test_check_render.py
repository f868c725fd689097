"""What `check` found reads the same everywhere, and its verdicts come from the numbers alone."""

import copy
import io
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from allohistory.answer import card, checked, diagram, terminal
from allohistory.answer.blocks import Grid, Heading
from allohistory.check import bars

sys.path.insert(0, str(Path(__file__).parent))
from check_fixture import RESULT, band, question, score

PARTS = ("one_step", "free_run", "hindcast", "sense", "facts", "reversals")


def only(*parts):
    return RESULT | {part: RESULT[part] if part in parts else None for part in PARTS}


def printed(result, width=100, encoding="utf-8"):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    terminal.show(checked.page(result), console)
    out.flush()
    return out.buffer.getvalue().decode(encoding)


def test_the_headline_comes_first_and_counts_pooled_rows_only():
    blocks = list(checked.page(RESULT))

    assert blocks[0] == Heading(checked.headline(RESULT), 1)
    assert checked.headline(RESULT) == (
        "Out of sample the model beats the base rate in 3 of 3 questions asked of the past, "
        "persistence in 3, a shrunken logistic in 2, a frozen hazard in 3 and boosting in 2; "
        "it beats the base rate in 4 of 4 one-step scores and boosting in 2; "
        "it covers 2 of 3 of the record's figures with its 90% bands; "
        "1 of 2 sense tests hold."
    )


@pytest.mark.parametrize("part", PARTS)
def test_a_part_alone_is_a_page(part):
    text = printed(only(part))

    assert text.strip()
    assert "None" not in text
    assert "nan" not in text.lower().split()


def test_nothing_at_all_is_a_sentence():
    assert checked.headline(only()) == "Nothing was checked."


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, printed(RESULT, width).splitlines())) <= width


def test_a_plain_terminal_gets_plain_letters():
    printed(RESULT, encoding="ascii").encode("ascii")


def test_losses_are_found_and_called_sure_only_where_the_interval_says_so():
    lost = {(x.part, x.what, x.other): x.sure for x in bars.losses(RESULT)}

    assert {key[1:]: sure for key, sure in lost.items() if key[0] == "hindcast"} == {
        ("force", "shrunken logistic"): False,
        ("force", "boosting"): None,
    }
    assert ("one step", "war onset, AUC within years", "boosted") in lost
    assert ("one step", "dispute, slope", "boosted") in lost
    assert ("one step", "dispute, AUC within years", "boosted") not in lost
    assert ("free runs", "disputes begun, 1900-1950", "bootstrap of the past (CRPS)") in lost


def test_a_sure_loss_is_called_one():
    row = question("peace", None, log_score=-0.3, intervals={"logistic": [-0.12, -0.07]})
    (first, *_) = [x for x in bars.losses({"hindcast": [row]}) if x.other == "shrunken logistic"]

    assert first.sure is True
    assert "surely" in "".join(checked.loss_lines({"hindcast": [row]}))


def test_a_better_advised_probability_is_no_loss_and_a_worse_one_is():
    worse = question("peace", None, stack=-0.5)

    assert not bars.losses({"hindcast": [question("peace", None)]})
    assert {x.what for x in bars.losses({"hindcast": [worse]})} == {"peace, advised probability"}


def test_bars_of_the_hindcast():
    told = bars.hindcast_verdicts(RESULT["hindcast"])

    assert [v.word for v in told if v.what.startswith(("peace", "force"))] == ["reached"] * 2
    assert [v.word for v in told if v.what == "pact, over the base rate"] == ["missed"]
    assert [v.word for v in told if v.what.startswith(("advised", "the system"))] == [
        "reached",
        "missed",
    ]


def test_a_whole_result_is_held_to_every_bar():
    told = {v.what: v for v in bars.verdicts(RESULT)}

    assert len(told) == len(bars.hindcast_verdicts(None)) + 1 + len(bars.BARS)
    runs = told["free runs 1900-1950, the record's figures inside the 90% bands"]
    assert (runs.found, runs.word) == ("1 of 2", "missed")
    assert told["dispute, AUC within years"].word == "reached"
    assert told["war onset, AUC within years"].word == "missed"
    assert told["joining, AUC"].word == "not scored"


def test_a_check_of_the_whole_world_fills_its_sections():
    written = card.full_sections(RESULT | {"record": RESULT["record"] | {"asked": 5}})

    assert tuple(written) == card.FULL_NAMES
    assert "of 5 states of the core record, in worlds of all 70" in written[card.FULL_NAMES[1]]
    assert "1900-1950: 1 of 2" in written[card.FULL_NAMES[2]]
    assert "| pact, over the base rate |" in written[card.FULL_NAMES[3]]
    alone = card.full_sections({"one_step": RESULT["one_step"]})
    assert alone["full record"] == written["full record"]
    assert all(card.NOT_YET_FULL in alone[name] for name in card.FULL_NAMES[1:])


def test_reversals_are_told_war_by_war():
    text = card.sections(RESULT)["reversals"]

    assert "2 of 9 pairs of enemies (22%, 90% interval over wars 10% to 35%)" in text
    assert "| Crimean War | France and Russia (18), Russia and Britain (7) |" in text
    nobody = RESULT["reversals"] | {"n": 0, "of": 0, "share": None, "list": []}
    assert "No war" in checked.reversals_line(nobody)


def test_a_gain_whose_interval_holds_nothing_is_said_to():
    wide = question("pact", None, log_score=-0.3, intervals={"base_rate": [-0.001, 0.03]})
    wide["without_1950"] = None

    told = {v.what: v.word for v in bars.hindcast_verdicts([wide])}

    assert told["pact, over the base rate: low end of the interval"] == "missed"
    assert {v.word for v in bars.hindcast_verdicts(None)} == {"not scored"}


@pytest.mark.parametrize(
    ("mechanism", "metric", "value", "reached"),
    [
        ("dispute", "AUC within years", 0.93, True),
        ("dispute", "AUC within years", 0.929, False),
        ("dispute", "slope", 1.2, False),
        ("dispute", "slope", 1.0, True),
        ("lapse", "log gain", 0.0, False),
        ("war outcome", "PRL", 0.061, True),
    ],
)
def test_bars_of_one_step(mechanism, metric, value, reached):
    bar = bars.bar_of(score(mechanism, metric, value))

    assert bar.reached(value) is reached


def test_one_cut_off_alone_needs_no_pooled_row():
    assert bars.pooled([score("war onset", "AUC", 0.8, cutoff=1930)])
    assert bars.pooled(None) == []


def test_a_miss_says_on_which_side_the_record_lies():
    low = band("treaties", 4.0)

    assert checked.place(low) == "below"
    assert "outside: treaties (below)" in checked.free_run_lines([low])[0]


def test_bars_without_a_score_are_named():
    missing = checked.unscored(bars.pooled(RESULT["one_step"]))

    assert "joining, AUC" in missing
    assert "dispute, AUC within years" not in missing


def test_every_row_of_every_table_is_in_the_card():
    text = card.sections(RESULT)

    for row in bars.pooled(RESULT["one_step"]):
        assert f"| {row['mechanism']} |" in text["one step"]
    for row in RESULT["sense"]:
        assert row["id"] in text["sense tests"]
    assert "A title \\| of korea" in text["sense tests"]
    assert "+20.0 (+12.0 to +29.0)" in text["headline"]
    assert "+10.0 (+2.0 to +14.0)" in text["headline"]
    assert RESULT["settings"]["command"] in text["reproduce"]
    assert "hash ab12" in text["reproduce"]
    assert "1870 (too few pairs)" in text["headline"]


def test_the_terminal_names_bar_and_verdict_at_once():
    grids = [block for block in checked.page(RESULT) if isinstance(block, Grid)]
    scores = next(grid for grid in grids if grid.columns[0].name == "mechanism")

    assert [row[-1] for row in scores.rows] == [
        "reached (at least 0.93)",
        "missed (0.9 to 1.1)",
        "missed (at least 0.85)",
        "-",
    ]
    assert "| at least 0.93 | reached |" in card.sections(RESULT)["one step"]


def test_a_diagram_stands_for_each_question_and_can_be_read_without_eyes():
    drawn = card.figures(RESULT)

    assert sorted(drawn) == [f"hindcast-{name}-15.svg" for name in ("force", "pact", "peace")]
    for name, text in drawn.items():
        root = ET.fromstring(text)
        tags = [child.tag.rpartition("}")[2] for child in root]
        assert tags[:2] == ["title", "desc"]
        assert "forecast 4%, came true 6%, 2,000 questions" in root[1].text
        assert "prefers-color-scheme: dark" in text
        assert f"(figures/{name})" in card.sections(RESULT)["headline"]


def test_the_advised_probability_is_told_apart_by_shape_too():
    one, other = [diagram.Bin(0.1, 0.2, 10)], [diagram.Bin(0.2, 0.1, 5)]

    text = diagram.reliability("<Q> & A", one, other)

    assert ET.fromstring(text)[0].text == "<Q> & A"
    assert text.count("<circle") == 1
    assert text.count("<rect") == 1
    assert "Square, advised probability" in text


def test_a_question_without_bins_has_no_diagram():
    bare = copy.deepcopy(RESULT)
    for row in bare["hindcast"]:
        row["reliability"] = []

    assert card.figures(bare) == {}
    assert "![" not in card.sections(bare)["headline"]
    assert "circle" not in diagram.reliability("empty", [])
