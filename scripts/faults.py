"""
Kill runs at random moments, go on with them, and compare bytes; damage finished ones and verify.

`scripts/faults.py --minutes 15 --out faults.json` asks a small question unkilled, then again and
again from nothing with SIGKILL to its whole process group: at a random moment, or as soon as one
of its files appears. Every killed run is resumed, perhaps killed again, and its answer compared
with the unkilled one. Then files of finished runs and of the results kept between runs are cut
short, altered or removed. Everything lies in a folder of its own; exit code 1 where anything
differs.
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
AIMS = ("manifest.json", "progress.json", ".answer.json.*", "answer.json", "answer.md", "piece")
"""What an aimed kill waits for: a file of the run, or a kept result of a piece of work."""
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
    counts : Counter
        Of kills, resumes and so on, by name.
    wrong : list of str
        A sentence for everything that is not as it should be.
    """

    folder: Path
    rng: random.Random
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
        process = self.start(*words)
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
        return "ask", "small.toml", "--runs", "16", "--jobs", "2"

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
    Start a command and kill its group at a random moment; False where it had ended before.

    Parameters
    ----------
    longest : float
        Seconds that an unkilled one takes.
    """
    aim = lab.rng.choice(AIMS) if lab.rng.random() < 0.4 else ""
    wait = lab.rng.uniform(0.02, longest)
    had = _seen(lab, aim)
    process = lab.start(*words)
    began = time.monotonic()
    while process.poll() is None:
        late = time.monotonic() - began > (WAIT if aim else wait)
        if late or (aim and _seen(lab, aim) > had):
            break
        time.sleep(0.001)
    ended = process.poll() is not None
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
        lab.counts["aimed kills" if aim else "timed kills"] += 1
    process.communicate()
    return not ended


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
    for _ in range(lab.rng.randint(1, 6)):
        if not kill(lab, longest, *words):
            lab.counts["ended before the kill"] += 1
            break
        readable = lab.run is not None and (lab.run / "manifest.json").exists()
        if lab.run is not None:
            lab.counts["part files left"] += sum(1 for _ in lab.run.glob(".*.json.*"))
        if readable and lab.run is not None:
            words = ("runs", "resume", lab.run.name, "--jobs", "2")
        lab.counts["resumed" if readable else "asked again"] += 1
    lab.finish(*words)
    lab.finish("runs", "verify")
    if lab.answer() != whole:
        lab.counts["differences"] += 1
        lab.wrong.append(f"another answer in run {lab.counts['runs']}")


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


def main() -> int:
    """Do all of it and print what was counted."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 2)[1])
    parser.add_argument("--minutes", type=float, default=15.0, help="begin no trial after these")
    parser.add_argument("--kills", type=int, default=200, help="begin no trial after so many")
    parser.add_argument("--damages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="work here, where kernels may be compiled")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="allohistory-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    lab = Lab(folder.resolve(), random.Random(given.seed))  # noqa: S311 - no secret
    (folder / "small.toml").write_text(QUESTION, encoding="utf-8")
    for _ in range(2):  # the first may compile, the second is timed
        lab.clear()
        began = time.monotonic()
        lab.finish(*lab.ask())
        longest = time.monotonic() - began
    whole = lab.answer()
    damage(lab, given.damages)
    spoil_kept(lab, whole)
    until = time.monotonic() + given.minutes * 60
    while time.monotonic() < until and kills(lab) < given.kills and whole[0]:
        trial(lab, whole, longest)
        print(f"{kills(lab)} kills, {len(lab.wrong)} wrong", file=sys.stderr, flush=True)
    found = {
        "seconds_unkilled": round(longest, 1),
        "kills": kills(lab),
        **{name: lab.counts[name] for name in sorted(lab.counts)},
        "differences": lab.counts["differences"],
        "wrong": lab.wrong,
    }
    text = json.dumps(found, indent=1) + "\n"
    print(text, end="")
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    if given.folder is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if lab.wrong or not whole[0] else 0


def kills(lab: Lab) -> int:
    """How many processes were killed so far."""
    return lab.counts["aimed kills"] + lab.counts["timed kills"]


if __name__ == "__main__":
    sys.exit(main())
