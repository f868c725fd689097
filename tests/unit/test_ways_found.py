"""What a search found reads as such: prices, chances with intervals, routes, what was needed."""

import sys
from pathlib import Path

from allohistory.answer.markdown import write
from allohistory.answer.report import MOST, report
from allohistory.answer.ways_found import found
from allohistory.answer.wording import chance

sys.path.insert(0, str(Path(__file__).parent))
from answer_fixture import chances, make_answer


def way(title, year, bits, p, **more):
    return {
        "id": title[:8], "title": title, "year": year, "bits": bits, "stated_bits": 0.0,
        "penalty_bits": 0.0, "cost": bits, "one_in": 2.0**bits, "claims": [], "p_goal": p,
        "p_base": chances(0.01, 0.0, 0.03), "direct": False, "listed": False, **more,
    }  # fmt: skip


def searched():
    answer = make_answer()
    cheap = way("No war in 1931", 1931, 0.2, chances(0.02, 0.01, 0.05))
    pact = way("A pact <b> in 1925", 1925, 6.3, chances(0.08, 0.04, 0.15), direct=True)
    answer["best"] |= {
        "frontier": [cheap, pact],
        "near": [way("Nearly", 1905, 3.0, chances(0.01, 0.0, 0.04), listed=True)],
        "own": [],
        "raced": {"candidates": 1500, "runs": 30000},
        "panel": [{"year": 1900, "since": cheap, "since_direct": None}],
        "penalty": "n / grace bits.",
        "note": "Rolled anew.",
        "backward": {
            "feasible": {"possible": True, "says": "Nothing stands against it."},
            "p_goal": chances(0.005, 0.001, 0.011),
            "plain": chances(0.006, 0.003, 0.01),
            "ess": 80.0,
        },
        "routes": [{"name": "against Russia", "share": 0.3, "lo": 0.2, "hi": 0.4}],
        "necessity": [{"event": "x", "sentence": "77% do so without a defeat of Japan."}],
        "lifts": [{"event": "the rivalry ends", "share": 0.7, "all": 0.5, "lift": 1.4,
                   "lo": 1.3, "hi": 1.6, "ess": 60.0}],
    }  # fmt: skip
    return answer


def test_every_way_found_is_told_with_price_interval_and_mark():
    text = write(found(searched()))

    for row in searched()["best"]["frontier"]:
        assert chance(row["p_goal"]) in text
        assert f"{row['cost']:.1f}".removesuffix(".0") in text
    assert "frontier, direct" in text
    assert "near, listed" in text
    assert "0.5% (0.1 to 1.1%)" in text
    assert "30% (20% to 40%)" in text
    assert "77% do so without a defeat of Japan." in text


def test_without_a_search_nothing_is_told():
    assert list(found(make_answer())) == []
    assert 'id="search"' not in report(make_answer())


def test_the_report_draws_the_frontier_and_keeps_markup_as_text():
    text = report(searched())
    assert 'id="search"' in text
    assert "Ways by price and chance" in text
    assert "A pact <b>" not in text
    assert "A pact &lt;b&gt; in 1925" in text


def test_a_page_that_grows_too_large_draws_fewer_maps():
    answer = searched()
    answer["limits"] = ["x" * MOST]
    answer["atlases"] = {}
    assert len(report(answer)) > MOST
