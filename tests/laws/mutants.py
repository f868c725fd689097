"""
Broken copies of the engine that the laws must catch.

Each mutant is one or more substitutions of text; `scripts/mutants` applies it to a copy of the
tree and runs the laws named here, of which at least one must fail.
"""

from dataclasses import dataclass

Change = tuple[str, str, str]
"""File below src/allohistory, the text that stands there, the text put in its place."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    One way to break a law.

    Attributes
    ----------
    name : str
    says : str
        What is wrong with it.
    changes : tuple of (file, old, new)
    laws : str
        Expression for `pytest -k`: the tests that may kill it.
    """

    name: str
    says: str
    changes: tuple[Change, ...]
    laws: str


MUTANTS = (
    Mutant(
        "clip",
        "abduction clips a uniform to the outcome's interval instead of scaling it",
        (
            (
                "engine/coupling.py",
                "value = low + u * (high - low)",
                "value = max(low, min(u, high))",
            ),
        ),
        "test_5",
    ),
    Mutant(
        "call-order",
        "noise comes in the order of the calls, not by address",
        (
            (
                "engine/gate.py",
                "uniform(world, where, ANEW)",
                "uniform(world, drawn_so_far(L), ANEW)",
            ),
            (
                "engine/gate.py",
                "@inlined\ndef put(",
                (
                    "@kernel\ndef drawn_so_far(L):\n    L.counter[3] += 1\n"
                    "    return np.uint64(L.counter[3])\n\n\n@inlined\ndef put("
                ),
            ),
            (
                "engine/luck.py",
                "    s.luck.seed[:] = world_seed(seed, run)",
                "    s.luck.seed[:] = world_seed(seed, run)\n    s.luck.counter[3] = 0",
            ),
        ),
        "test_6",
    ),
    Mutant(
        "restore",
        "a World put back keeps the memories of the run before",
        (
            (
                "engine/run.py",
                "    for name in w.World._fields:\n",
                (
                    "    for name in w.World._fields:\n"
                    "        if name == 'tie':\n            continue\n"
                ),
            ),
        ),
        "test_1",
    ),
    Mutant(
        "snapshot",
        "the History of a run misses who holds what",
        (("engine/run.py", "H.unit[y, r, u] = W.unit[r, u]", "H.unit[y, r, u] = 0"),),
        "test_1",
    ),
    Mutant(
        "no-kappa",
        "the butterfly dial is ignored",
        (("engine/gate.py", "if uniform(L.seed[0], where, COIN) < 1.0 -", "if 0.0 > 1.0 -"),),
        "kappa",
    ),
    Mutant(
        "early",
        "an intervention acts a year too early",
        (
            (
                "engine/gate.py",
                "        c = find(L.change_key, where)\n",
                (
                    "        soon = address(process, L.control[YEAR] + 1, first, second)\n"
                    "        c = find(L.change_key, soon)\n"
                ),
            ),
        ),
        "test_2",
    ),
    Mutant(
        "touch-all",
        "choices are drawn anew although nothing moved them",
        (
            (
                "engine/gate.py",
                "    excess = moved - L.number[DEAD_ZONE]",
                "    excess = moved + 0.01",
            ),
        ),
        "test_1 or test_4",
    ),
    Mutant(
        "two-features",
        "the fit sees another momentum of disputes than the simulation",
        (
            (
                "engine/conflict.py",
                "                dyads.dispute(S.x[n], W, G, S, i, j)\n",
                (
                    "                dyads.dispute(S.x[n], W, G, S, i, j)\n"
                    "                if L.control[g.MODE] == g.TRACE:\n"
                    "                    S.x[n, 1] += 1e-9\n"
                ),
            ),
        ),
        "test_9",
    ),
    Mutant(
        "left-behind",
        "what one draw drew anew reaches the placebo of the next draw on the same stage",
        (
            (
                "engine/luck.py",
                "    if luck.counter[2]:\n        # What the last draw",
                "    if luck.counter[2] < 0:\n        # What the last draw",
            ),
        ),
        "test_8",
    ),
    Mutant(
        "bits",
        "the chain's chance is the mean of the steps' chances, one by one",
        (
            (
                "counterfactual/surprise.py",
                "partial = np.exp(np.cumsum(logs, axis=1)).mean(axis=0)",
                "partial = np.cumprod(np.exp(logs).mean(axis=0))",
            ),
        ),
        "test_7",
    ),
    Mutant(
        "one-end",
        "luck read backwards is read forwards, so that both ends are one",
        (
            (
                "engine/coupling.py",
                "by_order(1.0 - abduced(1.0 - u,",
                "by_order(abduced(u,",
            ),
        ),
        "couplings",
    ),
    Mutant(
        "unmoved",
        "luck is coupled anew where nothing moved the choice",
        (
            (
                "engine/gate.py",
                "        elif moved == 0.0:\n",
                "        elif moved == 0.0 and towards == 0:\n",
            ),
            (
                "engine/gate.py",
                "alternatives == 1 and moved > L.number[DEAD_ZONE] and contrary",
                "alternatives == 1 and contrary",
            ),
        ),
        "couplings",
    ),
)
