"""
Answers to the bundled questions, kept, so that no number moves unseen.

`scripts/golden.py` computes them again from few runs and says what moved (exit code 1);
`scripts/golden.py --renew` writes what came out to tests/data/golden.json. A renewal belongs
together with a line of CHANGELOG.md that begins with "Numbers:". Typical worlds are not told: they
are words, take most of the time, and have tests of their own.
"""

import argparse
import importlib
import json
import math
import platform
import sys
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any
from unittest.mock import patch

import llvmlite.binding
import numba
import numpy as np

FILE = Path(__file__).resolve().parents[1] / "tests" / "data" / "golden.json"
RUNS = {
    "german-russian-alliance": 4,
    "indo-pakistani-alliance": 2,
    "polish-czechoslovak-alliance": 4,
    "sino-japanese-alliance": 2,
}
"""Few: numbers that move are seen, and mean nothing."""
CLOSE = 2e-4
"""How far rounded numbers may lie apart on machines whose exp and log differ in the last bit."""
MOST = 20
"""Lines printed of what moved in an answer."""
HOW = (
    "If they were meant to move: python scripts/golden.py --renew, and a line in CHANGELOG.md that "
    'begins with "Numbers:". If not, a change that should keep every byte does not.'
)


def arithmetic() -> dict[str, str]:
    """
    What the last bits of exp and log hang on.

    numba calls the C library's, NumPy its own by what the processor can do.
    """
    return {
        "machine": platform.machine(),
        "processor": llvmlite.binding.get_host_cpu_name(),
        "features": _hash(sorted(llvmlite.binding.get_host_cpu_features().items())),
        "libc": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def _hash(value: object) -> str:
    return blake2b(json.dumps(value).encode(), digest_size=16).hexdigest()


def answer_to(name: str) -> dict[str, Any]:
    """Answer a bundled question from few runs, computed in place, no typical world told."""
    ask = importlib.import_module("allohistory.ask")
    with patch.object(ask, "worlds", lambda *_: {}):
        answer: dict[str, Any] = ask.ask(name, runs=RUNS[name], cached=False)
    return answer


def numbers(value: object, path: str = "") -> Iterator[tuple[str, float | None]]:
    """Every number of an answer under its path; words and hashes are left out."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from numbers(inner, f"{path}.{key}") if key != "provenance" else ()
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from numbers(inner, f"{path}.{number}")
    elif value is None or isinstance(value, int | float):
        yield path, value


def main_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read the numbers off that a reader looks at first."""
    base = answer["baseline"]
    return {
        "baseline": {
            "goal": list(base["p_goal"].values()),
            "predicates": {key: found["p"] for key, found in base["predicates"].items()},
            "pact": base["chance_of_pact"],
        },
        **{
            pod["id"]: {
                "year": pod["year"],
                "bits": [pod["bits"], pod["stated_bits"], pod["penalty_bits"]],
                "goal, base, placebo": [
                    pod[f"p_{key}"]["p"] for key in ("goal", "base", "placebo")
                ],
                "pact": pod["chance_of_pact"],
                "effects": [found["effect"] for found in pod["effects"]],
            }
            for pod in answer["pods"]
        },
    }


def kept_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Make of an answer what is kept: the hash of its numbers, and the main ones."""
    found = list(numbers(answer))
    return {"numbers": len(found), "hash": _hash(found), "main": main_of(answer)}


def moved(was: Mapping[str, Any], now: Mapping[str, Any], *, same_bits: bool) -> list[str]:
    """
    Say what differs, a line for each number.

    Parameters
    ----------
    was, now : mapping
        As `kept_of` gives them.
    same_bits : bool
        Whether both come from the same arithmetic, so that the hash must agree too.
    """
    old, new = (dict(numbers(part["main"])) for part in (was, now))
    lines = [
        f"{path[1:]}: {old.get(path, 'nothing')} was kept, {new.get(path, 'nothing')} is computed"
        for path in dict.fromkeys([*old, *new])
        if not _close(old.get(path), new.get(path))
    ]
    if not lines and was["numbers"] != now["numbers"]:
        lines = [f"the answer has {now['numbers']} numbers, {was['numbers']} were kept"]
    if not lines and same_bits and was["hash"] != now["hash"]:
        lines = ["the main numbers agree, some other number of the answer moved"]
    return lines


def told(lines: list[str]) -> str:
    """The first of the lines, and how many there are."""
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return "\n".join(f"  {line}" for line in lines[:MOST] + more)


def written(made: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of the file: what belongs to one way on one line, so that a diff can be read."""
    parts = []
    for name, kept in made.items():
        rows = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in kept["main"].items())
        head = f'"numbers": {kept["numbers"]}, "hash": {json.dumps(kept["hash"])}'
        parts.append(f'  {json.dumps(name)}: {{{head}, "main": {{\n{rows}\n  }}}}')
    facts = {"arithmetic": arithmetic(), "runs": RUNS}
    front = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in facts.items())
    answers = ",\n".join(parts)
    return f'{{\n{front} "answers": {{\n{answers}\n }}\n}}\n'


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=0.0, abs_tol=CLOSE)


def main() -> int:
    """Compare or renew."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 2)[1])
    parser.add_argument("--renew", action="store_true", help="write what is computed")
    given = parser.parse_args()
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"answers": {}}
    made = {name: kept_of(answer_to(name)) for name in RUNS}
    here = arithmetic()
    nothing = {"numbers": 0, "hash": "", "main": {}}
    wrong = 0
    for name, now in made.items():
        was = kept["answers"].get(name, nothing)
        lines = moved(was, now, same_bits=kept.get("arithmetic") == here)
        print(f"{name}: {'as kept' if not lines else f'{len(lines)} moved'}")
        if lines:
            print(told(lines))
        wrong += bool(lines)
    if given.renew:
        FILE.write_text(written(made), encoding="utf-8")
    elif wrong:
        print(HOW)
    return 1 if wrong and not given.renew else 0


if __name__ == "__main__":
    sys.exit(main())
