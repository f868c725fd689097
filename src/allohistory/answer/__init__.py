"""
Answers: a plain dict that ``ask`` returns, ``answer.json`` holds and the renderers read.

`terminal`, `markdown` and `bbcode` write it out from the blocks of `page`, `report` as one HTML
page with figures, `export` as files; `narrate`, `actual` and `why` make its sentences, `limits`
says what it cannot see. In the schema below ``P`` is ``{"p": float, "lo": float, "hi": float}``, a
chance with its 90% interval; ``p`` a bare chance;
``X`` is ``{"alternate": x, "baseline": x, "effect": x, "lo": x, "hi": x}`` with the interval of
the effect; a missing number is ``None``. PODs stand in any order. The unit "chance" marks
quantities that are chances: they are shown as percentages and their effects as points. "count",
"level" and "points" are not printed, "percent" is printed as %::

    {
      "question": str, "pair": ["Japan", "China"], "horizon": 50,
      "headline": str,              # one sentence with the number and history's own
      "goal": {"independent": true, "firm": {...}, "lasting": {"years": 20}, "closest": {...},
               "exclude": [str]},
      "baseline": {
        "from": 1900, "p_goal": P,
        "predicates": {"independent": P, "firm": P, "lasting": P, "closest": P},
        "year_median": int|null, "life_median": float|null,
        "curve": [{"year": int, "p": p}],
        "closest": {"Japan": [["Britain", p], ...], "China": [...]},
        "reasons": [str],           # why it is low, with numbers
        "advised": [{               # standard questions the pair is at risk of; not of the goal
          "predicate": str, "text": str, "years": int, "p": p, "lo": p, "hi": p,   # simulated
          "p_logistic": p,          # a shrunken logistic on the record up to the start year
          "p_advised": p,           # both together, by weights learnt at earlier cut-offs
          "cutoff": int,            # whose weights and logistic: the latest by the start year
          "learnt_to": int,         # latest cut-off learnt from; its window ended by `cutoff`
          "weights": [constant, simulation, logistic],         # of the log odds
          # mean log probability of what happened, over all cut-offs with weights
          "track": {"cutoffs": int, "n": int, "sim": x, "logistic": x, "advised": x}}],
        "advised_left_out": [str]}, # what has no advice, and why
      "pods": [{
        "id": str, "title": str, "claims": [24], "year": 1905, "decided": 1905,
        "outside": bool,            # outside the window of the question
        "bits": float, "stated_bits": float, "one_in": float,
        "penalty_bits": float,      # for lying outside the window
        "chain": P,                 # P(chain), never the same as p_goal
        "steps": [{"text": str, "bits": float, "provenance": "fitted"|"assumed"}],
        "p_goal": P, "p_base": P, "p_placebo": P,   # fresh ATL; fresh twin without the POD;
                                                    # placebo at kappa 1
        "predicates": {name: P},
        "spread": {"kappa": {"0": p, "1": p, "inf": p, "fresh": p, "placebo 1": p,
                             "placebo inf": p, "fresh baseline": p},
                   "coupling": {"monotone": p, "gumbel": p}},
        "year_median": int|null, "life_median": float|null,
        "curve": [{"year", "p", "lo", "hi", "base"}],   # chance that a firm pact is in force
        "survival": [{"years": 5, "p": p}, ...],        # right-censored (Kaplan-Meier)
        "bond": {"from": int, "by_year": [{"year", "apart", "pledged", "allied", "held in part",
                 "client", "taken over"}], "under": P, "taken": P, "own": P, "who": str,
                 "alone": bool, "year": {"median", "lo", "hi"}|null, "assumed": bool,
                 "sentence": str},
        "closest": {"Japan": [["China", p], ...], "China": [...]},
        "yardstick": {"percentile": float,              # 0-100
                      "milestones": [{"name": str, "yardstick_years": int|null,
                                      "years": float|null, "reached": p}]},
        "effects": [X + {"name": "standing of Japan after 5 years", "unit": str,
                         "placebo": x,      # the quantity itself, at kappa 1
                         "beyond_placebo": {"effect": x, "lo": x, "hi": x}}],
        "met": p,                   # share of runs in which every step could be applied
        "reactions": [...], "shares": [...],            # as below in `follows`
        "bounds": {"rows": [{"setting": str, "words": str, "p", "lo", "hi"}], "middle": P,
                   "low", "high", "sentence": str},
        "assumptions": [str]}],
      "best": {"id": "id"|null, "bounds": {...}|absent,   # as in its POD, see `search.bounds`
               # with a search only (`allohistory.search`, `search.rare`, `search.no_return`):
               "frontier": [{"id", "title", "claims", "bits", "p_goal": P, ...}], "near": [...],
               "by_year": [...], "panel": [...], "no_return": {...}, "necessity": [...],
               "routes": [...], "lifts": [...], "backward": {...}, "analogues": {...}},
      "follows": {
        "pod": "id", "quantities": [X + {"name": str, "unit": str}],
        "reactions": [{"power": "Britain", "with": "Japan",
                       "ally": X, "dispute": X, "war": X, "rival": X}],
        "shares": [X + {"state": str, "year": int}]},   # percent of the world
      "timeline": {
        "pod": "id", "run": int, "mode": "fresh", "decided": int,
        "rows": [{"year": 1905, "actual": [str], "alternate": [str], "same": bool,
                  "opens": true,            # the first sentence is the divergence itself
                  "weighty": [str],         # sentences that are always shown
                  "because": [str],
                  "causes": [{"what": str, "states": [id], "term": str|null, "log_odds": x|null,
                              "kind": "divergence"|"odds"|"occasion"|"luck",
                              "since": {"what": str, "year": int}}]}]},
      "worlds": [...],              # more typical worlds: two of the best way, one of each other
      "atlas": {...},               # the same world on the map, beside history: see `atlas`
      "atlases": {"id": {...}},     # the same of the most typical world of the next best ways
      "yardstick": {"pair": ["Britain", "France"], "from": 1904,
                    "milestones": [{"name": str, "year": int}]},
      "limits": [str],
      "sources": [str],
      "provenance": {
        "record": hash, "model": hash, "version": str, "seed": int, "runs": int, "draws": int,
        "without": [str], "elicited": bool, "years_fitted": [1870, 2016],
        "tags": {"p_goal": "fitted and elicited", ...}}
    }

Every section but the question, the headline and the PODs may be left out.
"""
