"""
Scores, free-run realism, question hindcast and sense tests: how far a number may be believed.

``run`` does all of it. Its result is a plain dict that ``allohistory check --json`` prints and the
model card is written from. A part that was not asked for is ``None``; a missing number is ``None``;
``D`` is ``[low, high]``, the 90% interval of a difference::

    {
      "version": str, "seed": int,
      "record": {"name": "core", "first": 1860, "last": 2016, "states": 70, "asked": 70,
                 "hash": str},      # asked: states whose pairs the hindcast asks about
      "settings": {"cutoffs": {"one_step": [int], "hindcast": [int]}, "horizon": int|null,
                   "runs": int|null, "mechanism": str|null, "command": str},
      "one_step": [{                # cutoff None: pooled over cut-offs
        "mechanism": str, "cutoff": int|null, "horizon": int, "n": int, "events": int,
        "metric": str, "value": float,
        "comparators": {"base_rate": float, "persistence": float, "dyadic_logit": float,
                        "boosted": float}}],
      "free_run": [{
        "window": "1925-1938", "statistic": str, "record": float, "median": float,
        "lo": float, "hi": float, "inside": bool, "crps": float, "crps_bootstrap": float}],
      "hindcast": [{                # scores are mean log probabilities, in nats
        "predicate": str, "cutoff": int|null, "horizon": int,
        "n": int, "events": int, "clusters": int, "log_score": float,
        "base_rate": float, "persistence": float, "logistic": float, "frozen_hazard": float,
        "boosted": float, "stack": float, "slope": float,   # "closest major" has no hazard
        "intervals": {"base_rate": D, "logistic": D,    # simulation less that score
                      "stack": D, "slope": D},          # stack less logistic; the slope itself
        "reliability": [{"p": float, "frequency": float, "n": int}]},
        # rows of the system's counts ("count: ..."): record, lo, median, hi, inside, crps, with
        # the share inside where pooled; rows "skipped": cutoff and reason
        ...],
      "sense": [{
        "id": str, "title": str, "expected": "up"|"down", "holds": bool,
        "effect": float, "lo": float, "hi": float, "modes": {name: {...}},
        "reason": str, "source": str}],
      "facts": [{"fact": str, "sample": "in"|"out", "record": float, "median": float,
                 "lo": float, "hi": float, "inside": bool}],
      "reversals": {                # enemies of a war allied within twenty years of its end
        "n": int, "of": int, "share": float, "lo": float, "hi": float,
        "list": [{"war": str, "title": str, "pair": [str, str], "names": [str, str],
                  "years": int}]},
      "seconds": {"one_step": float, ...}
    }
"""

from allohistory.check.everything import run

__all__ = ["run"]
