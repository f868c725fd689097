"""A hand-made answer: every number in it is invented."""

import copy


def chances(p, lo, hi):
    return {"p": p, "lo": lo, "hi": hi}


def effect(alternate, baseline, lo, hi, **more):
    return {
        "alternate": alternate, "baseline": baseline, "effect": alternate - baseline,
        "lo": lo, "hi": hi, **more,
    }  # fmt: skip


def _pod(name, title, year, p, **more):
    return {
        "id": name, "title": title, "claims": [24, 47], "year": year, "decided": year,
        "outside": False, "bits": 6.12, "stated_bits": 0.0, "one_in": 69.5,
        "chain": chances(0.0144, 0.006, 0.031), "p_goal": p, "p_base": chances(0.021, 0.006, 0.048),
        "p_placebo": chances(0.023, 0.007, 0.052), "steps": [], "predicates": {}, "spread": {},
        "year_median": None, "life_median": None, "curve": [], "survival": [], "closest": {},
        "yardstick": {}, "effects": [], "met": 1.0, "assumptions": [], **more,
    }  # fmt: skip


_BEST = _pod(
    "japan-loses-1905", "Japan loses the Russo-Japanese War decisively and keeps no army on the "
    "continent", 1905, chances(0.124, 0.071, 0.188),
    decided=1904, stated_bits=1.5, met=0.93,
    steps=[
        {"text": "Russia wins the Russo-Japanese War [decisive]", "bits": 4.62,
         "provenance": "fitted"},
        {"text": "Japan's party of the continent is out of favour", "bits": 1.5,
         "provenance": "assumed"},
    ],
    predicates={
        "independent": chances(0.91, 0.86, 0.95), "firm": chances(0.18, 0.11, 0.26),
        "lasting": chances(0.15, 0.09, 0.22), "closest": chances(0.14, 0.08, 0.21),
    },
    spread={
        "kappa": {"0": 0.0, "1": 0.08, "inf": 0.14, "fresh": 0.124, "placebo 1": 0.023,
                  "placebo inf": 0.04, "fresh baseline": 0.021},
        "coupling": {"monotone": 0.08, "gumbel": 0.11},
    },
    year_median=1921, life_median=17.4,
    curve=[
        {"year": y, "p": 0.004 * (y - 1905), "lo": 0.002 * (y - 1905), "hi": 0.006 * (y - 1905),
         "base": 0.01}
        for y in range(1905, 1956)
    ],
    survival=[{"years": 5, "p": 0.82}, {"years": 20, "p": 0.41}],
    closest={"Japan": [["China", 0.2], ["Germany", 0.15]], "China": [["Japan", 0.18]]},
    yardstick={
        "percentile": 38.0,
        "milestones": [
            {"name": "staff talks", "yardstick_years": 2, "years": 9.5, "reached": 0.31},
            {"name": "fought on the same side", "yardstick_years": 10, "years": None,
             "reached": 0.004},
            {"name": "common army", "yardstick_years": None, "years": None, "reached": 0.0},
        ],
    },
    effects=[
        effect(-0.61, 0.34, -1.3, -0.4, name="standing of Japan after 5 years", placebo=0.33,
               unit="points", beyond_placebo={"effect": -0.8, "lo": -1.1, "hi": -0.4}),
        effect(0.22, 0.31, -0.16, -0.01, name="a dispute of Japan and China within 10 years",
               placebo=float("nan"), unit="chance"),
    ],
    assumptions=["the grievance over the unequal treaties is shared"],
)  # fmt: skip

_ANSWER = {
    "question": "After 1900, how could Japan and China form a firm and lasting alliance?",
    "pair": ["Japan", "China"],
    "horizon": 50,
    "headline": "A Japanese defeat in 1905 gives the best chance: 12% (7-19%), history's is 2%",
    "goal": {"independent": True, "firm": {"level": 2}, "lasting": {"years": 20},
             "closest": {"among": "majors"}, "exclude": ["both allied to the United States"]},
    "baseline": {
        "from": 1900, "p_goal": chances(0.021, 0.006, 0.048),
        "predicates": {"independent": chances(0.88, 0.8, 0.94), "firm": chances(0.05, 0.02, 0.09),
                       "lasting": chances(0.04, 0.015, 0.08), "closest": chances(0.03, 0.01, 0.07)},
        "year_median": None, "life_median": None, "curve": [{"year": 1900, "p": 0.0}],
        "closest": {"Japan": [["Britain", 0.41]], "China": [["Russia", 0.3]]},
        "reasons": ["the two fight again within 40 years in 71% (62-79%) of worlds"],
        "advised": [
            {"predicate": "force", "text": "force used between them", "years": 10,
             **chances(0.62, 0.51, 0.72), "p_logistic": 0.34, "p_advised": 0.47, "cutoff": 1900,
             "learnt_to": 1890, "weights": [-0.1, 0.7, 0.4],
             "track": {"cutoffs": 9, "n": 99, "sim": -0.3, "logistic": -0.4, "advised": -0.2}},
            {"predicate": "war", "text": "war between them", "years": 10,
             **chances(0.31, 0.22, 0.41), "p_logistic": 0.12, "p_advised": 0.23, "cutoff": 1900,
             "learnt_to": 1885, "weights": [0.0, 0.5, 0.5],
             "track": {"cutoffs": 9, "n": 99, "sim": -0.1, "logistic": -0.4, "advised": -0.2}},
        ],
        "advised_left_out": ["a defense pact of 10 unbroken years: first weights in 1910"],
    },
    "pods": [
        _BEST,
        _pod("sino-french", "China does well in the Sino-French War", 1885,
             chances(0.06, 0.02, 0.11), outside=True, one_in=478.2, bits=8.9),
        _pod("wang", "Wang Jingwei takes the KMT | with <b>Japan</b>'s help", 1925,
             chances(0.004, 0.0, 0.009), one_in=3.1e7, bits=24.9),
    ],
    "best": {"id": "japan-loses-1905"},
    "follows": {
        "pod": "japan-loses-1905",
        "quantities": [effect(3.1, 2.4, -0.2, 1.6, name="wars in East Asia", unit="wars"),
                       effect(0.4, 0.31, 0.01, 0.17, name="Korea stays free", unit="chance")],
        "reactions": [
            {"power": power, "with": "Japan", "ally": effect(0.1, 0.3, -0.31, -0.08),
             "dispute": effect(0.4, 0.35, -0.03, 0.12), "war": effect(0.12, 0.2, -0.17, 0.02),
             "rival": effect(0.3, 0.3, -0.05, 0.05)}
            for power in ("Britain", "United States", "Soviet Union")
        ],
        "shares": [effect(3.1, 4.02, -1.7, -0.2, state="Japan", year=1925)],
    },
    "timeline": {
        "pod": "japan-loses-1905", "run": 17, "mode": "fresh",
        "rows": [
            {"year": 1904, "actual": ["The Russo-Japanese War begins: Japan attacks Russia."],
             "alternate": [], "same": True, "because": []},
            {"year": 1905, "actual": ["Japan decisively defeats Russia.", "Korea ceases to be."],
             "alternate": ["Russia decisively defeats Japan."], "same": False,
             "because": ["forced"]},
            {"year": 1931, "actual": [], "alternate": ["No Mukden War."], "same": False,
             "because": ["Japan stands lower (since 1905)"]},
        ],
    },
    "yardstick": {"pair": ["Britain", "France"], "from": 1904,
                  "milestones": [{"name": "staff talks", "year": 1906}]},
    "limits": [],
    "sources": ["Weinberg 1994"],
    "provenance": {"record": "0f1e2d3c4b5a69788796a5b4", "model": "ab12cd34ef56ab12cd34ef56",
                   "version": "0.1.0", "seed": 7, "runs": 2000, "draws": 100, "without": [],
                   "elicited": True, "years_fitted": [1870, 2016],
                   "tags": {"p_goal": "fitted+elicited", "bits": "fitted"}},
}  # fmt: skip


def make_answer():
    """Return the answer as a copy that a test may change."""
    return copy.deepcopy(_ANSWER)
