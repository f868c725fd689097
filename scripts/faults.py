"""
Kill runs at random moments, go on with them, and compare bytes; damage finished ones and verify.

`scripts/faults.py --kills 200 --out faults.json` asks a small question unkilled, then again and
again from nothing with SIGKILL to its whole process group: at a random moment, or as soon as one
of its files appears and a few milliseconds on, which is how the seal is met. Every killed run is
resumed and killed again; now and then two processes are at one run, and one of them or both are
killed. In the end its answer is compared with the unkilled one. Before, files of finished runs
and of the results kept between runs are cut short, altered or removed. Everything lies in a
folder of its own; exit code 1 where anything differs.

What was counted is written to `--out` after every trial. A file that is there already is gone on
with, by the trials that are not in it yet; `--table docs/trust.md` writes the table into that page.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allohistory import kernels

QUESTION = """question = "How could France and Germany have been allies between the wars?"
pair = ["France", "Germany"]
divergence = { from = 1920, to = 1935 }
horizon = 6
[goal]
firm = { level = 1 }
lasting = { years = 3 }
[[pod]]
id = "locarno"
title = "Locarno becomes a pact of two"
[[pod.step]]
[pod.step.force]
treaty = "Pact of Two"
members = ["France", "Germany"]
year = 1926
obligations = ["defense"]
"""
AIMS = ("manifest.json", "progress.json", ".answer.json.*", "answer.json", "answer.md",
        ".sealed.json.*", "piece")  # fmt: skip
"""What an aimed kill waits for: a file of the run, or a kept result of a piece of work."""
AFTER = 0.006
"""Seconds after its aim within which an aimed kill comes."""
TWO = 0.2  # share of kills with two processes at the run
SEALED = ("manifest.json", "answer.json", "answer.md", "sealed.json", "small.toml")
WAIT = 900.0
"""Seconds after which a command counts as hanging."""


@dataclass
class Lab:
    """
    A folder with a question, a run store and a cache of its own, and what was counted in it.

    Attributes
    ----------
    folder : Path
    rng : random.Random
    total : int
        Kept results of an unkilled run.
    counts : Counter
        Of kills, resumes and so on, by name.
    wrong : list of str
        A sentence for everything that is not as it should be.
    """

    folder: Path
    rng: random.Random
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def pieces(self) -> Path:
        """Results kept between runs."""
        return self.folder / "cache" / "allohistory" / "runs"

    @property
    def run(self) -> Path | None:
        """The folder of the one run, if there is one."""
        found = sorted((self.folder / "home" / "runs").glob("small-*"))
        return found[0] if found else None

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command of allohistory as the head of a process group."""
        given = {"ALLOHISTORY_HOME": "home", "XDG_CACHE_HOME": "cache"}
        places = {name: str(self.folder / place) for name, place in given.items()}
        # Compiling is no part of what is tried.
        places["NUMBA_CACHE_DIR"] = os.environ.get("NUMBA_CACHE_DIR") or str(kernels.folder())
        return subprocess.Popen(  # noqa: S603 - no shell, and words of ours
            [sys.executable, "-m", "allohistory", *words],
            env={**os.environ, **places},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def finish(self, *words: str, expect: int = 0) -> str:
        """Run a command to its end; a traceback, a hang or another exit code is wrong."""
        return self.ended(self.start(*words), *words, expect=expect)

    def ended(self, process: subprocess.Popen[str], *words: str, expect: int = 0) -> str:
        """Wait for a command's end."""
        try:
            said, _ = process.communicate(timeout=WAIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            self.wrong.append(f"{' '.join(words)} did not end")
        if process.returncode != expect or "Traceback" in said:
            self.wrong.append(f"{' '.join(words)} ended with {process.returncode}: {said[-300:]}")
        return said

    def ask(self) -> tuple[str, ...]:
        """Words of the ask."""
        return "ask", "small.toml", "--runs", "8", "--jobs", "1"

    def parts(self) -> int:
        """How many half-written files lie beside the run's."""
        return sum(1 for _ in self.run.glob(".*.*.*")) if self.run is not None else 0

    def clear(self) -> None:
        """Forget all runs and kept results; compiled kernels stay."""
        shutil.rmtree(self.folder / "home", ignore_errors=True)
        shutil.rmtree(self.pieces, ignore_errors=True)

    def answer(self) -> tuple[bytes, bytes]:
        """Bytes of the answer, and of the answer told."""
        if self.run is None:
            return b"", b""
        names = ("answer.json", "answer.md")
        first, second = (self.run / n for n in names)
        return (
            first.read_bytes() if first.exists() else b"",
            second.read_bytes() if second.exists() else b"",
        )


def kill(lab: Lab, longest: float, *words: str) -> bool:
    """
    Start a command and kill its group; False where it had ended before.

    Parameters
    ----------
    longest : float
        Seconds that an unkilled one takes.
    """
    done = _seen(lab, "piece") / max(lab.total, 1)
    # Only what can still appear is waited for, and no longer than what is left to do may take.
    open_ = [a for a in AIMS if (done < 1 if a == "piece" else not _seen(lab, a))]
    aim = lab.rng.choice(open_) if lab.rng.random() < 0.4 else ""
    wait = longest * (1 - 0.7 * done) * min(lab.rng.random(), lab.rng.random())
    had = _seen(lab, aim)
    process = lab.start(*words)
    other = lab.start(*words) if lab.rng.random() < TWO else None
    began = time.monotonic()
    while process.poll() is None:
        late = time.monotonic() - began > (longest * 3 if aim else wait)
        if late or (aim and _seen(lab, aim) > had):
            break
        time.sleep(0.001)
    if aim:
        time.sleep(lab.rng.uniform(0.0, AFTER))
    killed = _shot(lab, process, "aimed kills" if aim else "timed kills")
    if other is not None:
        lab.counts["two at one run"] += 1
        if lab.rng.random() < 0.5:
            time.sleep(lab.rng.uniform(0.0, longest / 2))
            killed |= _shot(lab, other, "timed kills")
        else:
            lab.ended(other, *words)
            lab.counts["brought to its end by the other"] += killed
            killed = False
    return killed


def _shot(lab: Lab, process: subprocess.Popen[str], which: str) -> bool:
    living = process.poll() is None
    if living:
        lab.counts[which] += 1
        os.killpg(process.pid, signal.SIGKILL)
        lab.counts["killed in a resume" if process.args[3] == "runs" else "killed in an ask"] += 1
    process.communicate()
    return living


def _seen(lab: Lab, aim: str) -> int:
    """How many of the files that a kill waits for are there."""
    if not aim:
        return 0
    if aim == "piece":
        return sum(1 for _ in lab.pieces.glob("*.npz"))
    return sum(1 for _ in (lab.folder / "home").glob(f"runs/small-*/{aim}"))


def trial(lab: Lab, whole: tuple[bytes, bytes], longest: float) -> None:
    """Ask from nothing, kill, resume and kill again, and compare what comes out."""
    lab.clear()
    lab.counts["runs"] += 1
    words = lab.ask()
    for _ in range(lab.rng.randint(2, 8)):
        before = kills(lab)
        lives_on = kill(lab, longest, *words)
        lab.counts["part files left"] += lab.parts()
        if not lives_on:
            lab.counts["ended before the kill"] += kills(lab) == before
            break
        readable = lab.run is not None and (lab.run / "manifest.json").exists()
        if readable and lab.run is not None:
            words = ("runs", "resume", lab.run.name, "--jobs", str(lab.rng.randint(1, 2)))
        lab.counts["resumed" if readable else "asked again"] += 1
    lab.finish(*words)
    lab.finish("runs", "verify")
    if lab.answer() != whole:
        lab.counts["differences"] += 1
        lab.wrong.append(f"another answer in run {lab.counts['runs']}")
    if lab.parts():
        lab.wrong.append(f"part files were left in run {lab.counts['runs']}")


def spoil(lab: Lab, path: Path) -> str:
    """Cut short, alter, lengthen, empty or remove a file; says which."""
    raw = path.read_bytes()
    how = lab.rng.choice(("cut short", "altered", "lengthened", "emptied", "removed"))
    at = lab.rng.randrange(len(raw))
    if how == "removed":
        path.unlink()
    elif how == "altered":
        path.write_bytes(raw[:at] + bytes([raw[at] ^ lab.rng.randint(1, 255)]) + raw[at + 1 :])
    else:
        path.write_bytes({"cut short": raw[:at], "lengthened": raw + b" ", "emptied": b""}[how])
    return how


def damage(lab: Lab, times: int) -> None:
    """Damage files of a finished run one at a time; `runs verify` must name the file."""
    run = lab.run
    if run is None:
        return
    good = {name: (run / name).read_bytes() for name in SEALED}
    for _ in range(times):
        name = lab.rng.choice(SEALED)
        how = spoil(lab, run / name)
        if name == "sealed.json" and _same_json(run / name, good[name]):
            (run / name).write_bytes(good[name])  # a blank more or less says nothing else
            continue
        # Without its seal a run is unfinished; an altered hash in it accuses the file it is of.
        sealless = name == "sealed.json" and how == "removed"
        said = lab.finish("runs", "verify", expect=0 if sealless else 1)
        lab.counts["files damaged"] += 1
        names = ("unfinished",) if sealless else SEALED if name == "sealed.json" else (name,)
        if any(n in said for n in names):
            lab.counts["damage named"] += 1
        else:
            lab.wrong.append(f"{name} {how}, and verify said: {said[-200:]}")
        for back, raw in good.items():
            (run / back).write_bytes(raw)


def _same_json(path: Path, raw: bytes) -> bool:
    try:
        return bool(json.loads(path.read_bytes()) == json.loads(raw))
    except (OSError, ValueError):
        return False


def spoil_kept(lab: Lab, whole: tuple[bytes, bytes]) -> None:
    """Damage half of the kept results and ask anew: never trusted, the same bytes."""
    shutil.rmtree(lab.folder / "home", ignore_errors=True)
    for path in sorted(lab.pieces.glob("*.npz")):
        if lab.rng.random() < 0.5:
            spoil(lab, path)
            lab.counts["kept results damaged"] += 1
    lab.finish(*lab.ask())
    if lab.answer() != whole:
        lab.counts["differences"] += 1
        lab.wrong.append("another answer from damaged kept results")


def prepared(lab: Lab) -> tuple[tuple[bytes, bytes], float]:
    """Ask unkilled: the answer, and the seconds that it took."""
    for _ in range(2):  # the first may compile, the second is timed
        lab.clear()
        began = time.monotonic()
        lab.finish(*lab.ask())
        longest = time.monotonic() - began
    lab.total = _seen(lab, "piece")
    return lab.answer(), longest


ROWS = {
    "runs": "Runs begun from nothing",
    "kills": "Process groups killed",
    "timed kills": "of them at a random moment",
    "aimed kills": "of them as soon as a file appeared, and up to 6 ms later",
    "killed in a resume": "of them while a run was gone on with",
    "two at one run": "Two processes at one run, one or both killed",
    "resumed": "Gone on with by `runs resume`",
    "asked again": "Killed before there was a run to resume, asked again",
    "ended before the kill": "Kills that came too late",
    "differences": "**Answers that differ from the unkilled one's**",
    "part files left": "Half-written files left by a kill (gone after the next command)",
    "files damaged": "Files of finished runs damaged",
    "damage named": "of them named by `runs verify`",
    "kept results damaged": "Kept results damaged before asking anew (answers: the same bytes)",
    "wrong": "**Anything else that was wrong**",
}


def table(found: dict[str, Any]) -> str:
    """Lay the counts out as docs/trust.md shows them."""
    counts = found["counts"] | {"kills": found["kills"]}
    counts["wrong"] = len(found["wrong"]) - counts.get("differences", 0)
    rows = [
        f"| {text} | {'**0**' if not counts.get(key, 0) and '**' in text else counts.get(key, 0)} |"
        for key, text in ROWS.items()
    ]
    return "\n".join(["| What was done | Times |", "| :--- | ---: |", *rows])


def into_page(page: Path, text: str) -> None:
    """Replace the table of the page."""
    whole, ends = page.read_text(encoding="utf-8"), "<!-- faults: end -->"
    head, begin, rest = whole.partition("<!-- faults: begin")
    mark, _, tail = rest.partition("-->\n")
    tail = tail.partition(ends)[2]
    page.write_text(f"{head}{begin}{mark}-->\n{text}\n{ends}{tail}", encoding="utf-8")


def state(lab: Lab, seed: int, longest: float) -> dict[str, Any]:
    """Gather what was counted."""
    return {
        "seed": seed,
        "seconds_unkilled": round(longest, 1),
        "kills": kills(lab),
        "counts": {name: lab.counts[name] for name in sorted(lab.counts)},
        "wrong": lab.wrong,
    }


def main() -> int:
    """Do all of it and print what was counted."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 2)[1])
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no trial after these")
    parser.add_argument("--kills", type=int, default=200, help="begin no trial after so many")
    parser.add_argument("--damages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="what was counted; gone on with if it is there")
    parser.add_argument("--table", type=Path, help="page whose table is written anew")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="allohistory-faults-")).resolve()
    lab = Lab(folder, random.Random(given.seed))  # noqa: S311 - no secret
    (folder / "small.toml").write_text(QUESTION, encoding="utf-8")
    if given.out and given.out.exists():
        kept = json.loads(given.out.read_text(encoding="utf-8"))
        lab.counts.update(kept["counts"])
        lab.wrong += kept["wrong"]
    whole, longest = prepared(lab)
    if not lab.counts["files damaged"]:
        damage(lab, given.damages)
        spoil_kept(lab, whole)
    until = time.monotonic() + given.minutes * 60
    while time.monotonic() < until and kills(lab) < given.kills and whole[0]:
        # A trial's luck is its own, so that going on does not repeat what was done.
        lab.rng.seed(f"{given.seed} {lab.counts['runs']}")
        trial(lab, whole, longest)
        print(f"{kills(lab)} kills, {len(lab.wrong)} wrong", file=sys.stderr, flush=True)
        if given.out:
            text = json.dumps(state(lab, given.seed, longest), indent=1) + "\n"
            given.out.write_text(text, encoding="utf-8")
    found = state(lab, given.seed, longest)
    print(table(found))
    print("".join(f"{line}\n" for line in lab.wrong), end="")
    if given.table:
        into_page(given.table, table(found))
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if lab.wrong or not whole[0] else 0


def kills(lab: Lab) -> int:
    """How many processes were killed so far."""
    return lab.counts["aimed kills"] + lab.counts["timed kills"]


if __name__ == "__main__":
    sys.exit(main())
