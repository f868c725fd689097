"""
The best way: candidates made of the question's own vocabulary, raced, priced and rolled anew.

``forward.search`` returns a plain dict. Chances are ``{"p", "lo", "hi"}`` with 90% intervals::

    {
      "frontier": [ROW | {"overall": bool}],  # cheapest first; beats its twin, and no cheaper ROW
                                              # matches it: among all (overall), or among those
                                              # that are not direct
      "near": [ROW],                          # up to 16 that came closest to it
      "own": [ROW],                           # the question's own points of divergence
      "by_year": [{"year": int, "id": str, "title": str, "cost": float, "p_goal": CHANCE,
                   "worlds": int, "smooth": CHANCE, "penalty_bits": float, "p_base": CHANCE,
                   "direct": {"id": str, "p_goal": CHANCE}|null}],
      "panel": [{"year": int, "penalty_bits": float, "p_base": CHANCE|null,
                 "since": BEST|null, "since_direct": BEST|null,    # begins in the year or later
                 "before": BEST|null, "before_direct": BEST|null}],
      "penalty": str,                         # the formula of the grace, in words
      "raced": {"candidates": int, "runs": int, "budget": int,
                "rounds": [{"candidates": int, "worlds": int}]},
      "stopped": {kind: {"thought of": int, "raced": int, reason: int}},
      "note": str
    }

    ROW = {"id", "title", "kind", "claims": [int], "listed": bool, "direct": bool,
           "bits", "stated_bits", "penalty_bits", "cost",  # cost: the three bits together
           "one_in", "p_goal": CHANCE, "p_base": CHANCE, "effect": CHANCE,
           "worlds": int, "met": float, "year": int, "decided": int,
           "lead_time": {"median", "lo", "hi", "worlds"}|null,  # years to the alliance's beginning
           "steps": [{"text", "bits", "provenance"}],      # text: a plain sentence
           "assumptions": [str]}
    BEST = {"id", "title", "year", "cost", "one_in", "p_goal"}

`p_base` is of the twin: nothing changed, from the end of the year in which the last step is
decided, under the same luck; `effect` is the difference of the two.

Direct is what writes a treaty of the pair itself: it is allowed and marked, and competes apart, so
that it is never all that is found.
"""
