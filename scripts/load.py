"""
Load on the workbench: eight browsers' worth of pages while four runs are queued and computed.

`scripts/load.py --minutes 10 --out load.json` starts `allohistory serve` on a free port of this
machine with a run store and a cache of its own, asks four questions at once, and asks four more
whenever all are answered. Eight clients read pages all the while, as a person does: a page, a
pause, another. One run is stopped while it computes, to see how long the cores stay taken; it is
then gone on with. Once, the server is killed while runs wait, and started again. At the end
every run must be answered and whole. Exit code 1 where a page fails, a run is lost, or a bound
is passed.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from allohistory import kernels

QUESTION = """question = "Germany and Britain, asked number {number}"
pair = ["Germany", "Britain"]
divergence = {{ from = 1901, to = 1914 }}
horizon = 20
[goal]
firm = {{ level = 2, behaviour = true }}
lasting = {{ years = 5 }}
[[pod]]
id = "talks"
title = "The talks of 1901 succeed"
[[pod.step]]
[pod.step.force]
treaty = "Anglo-German Alliance"
members = ["Britain", "Germany"]
year = {year}
obligations = ["defense"]
"""
KINDS = {
    "ask": "/",
    "bundled": "/?question=sino-japanese-alliance",
    "step": "/step?kind=force.treaty",
    "runs": "/runs",
    "record": "/record?one=Japan&other=China",
    "named": "/record?name=Portsmouth",
    "method": "/method",
    "static": "/static/htmx.min.js",
}
"""Pages that need no run."""
OF_RUN = {"answer": "", "evidence": "/evidence", "markdown": "/save/answer.md"}
P95, FREED = 0.3, 2.0
"""Seconds that a page may take (95th of a hundred) and that a stopped run may hold the cores."""
WAIT = 900.0
"""Seconds after which a batch of runs counts as lost."""
Row = dict[str, Any]


@dataclass
class Bench:
    """A server with a store of its own, and what was measured of it; `lock` is over the lists."""

    folder: Path
    runs: int
    seed: int
    address: str = ""
    process: subprocess.Popen[str] | None = None
    over: bool = False
    down: bool = False
    times: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    most: int = 0
    asked: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = field(default_factory=time.monotonic)

    def serve(self) -> None:
        """Start the server."""
        places = {
            "ALLOHISTORY_HOME": str(self.folder / "home"),
            # A store of results that starts empty, with the kernels compiled before.
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(kernels.folder()),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "allohistory", "serve", "--port", "0"],
            env={**os.environ, **places},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+[0-9]", self.process.stdout.readline())
        assert found is not None, "the server did not start"
        self.address, self.down = found.group(), False

    def restart(self) -> None:
        """Kill the server without a word and start another."""
        assert self.process is not None
        self.down = True
        self.process.kill()
        self.process.wait()
        self.serve()

    def memory_now(self) -> None:
        """Note what the server holds in memory (MB)."""
        assert self.process is not None
        stat = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", stat)
        if found:
            self.memory.append((time.monotonic() - self.began, int(found.group(1)) / 1024))

    def count(self) -> int:
        """How many runs are being computed, and remember the most."""
        now = len(heads(self.folder))
        self.most = max(self.most, now)
        return now


def about(process: str) -> tuple[str, int]:
    """State and group of a process, from Linux; blanks where it is gone."""
    try:
        found = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return "", 0
    return found[0], int(found[2])


def heads(folder: Path) -> dict[str, int]:
    """Processes that compute runs of a store, by run."""
    out = {}
    for path in (folder / "home" / "queue").glob("*.json"):
        try:
            place = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if place["process"] and about(str(place["process"]))[0] not in ("", "Z"):
            out[place["run"]] = place["process"]
    return out


def alive(group: int) -> int:
    """How many processes of a group there still are."""
    names = (p.name for p in Path("/proc").iterdir() if p.name.isdecimal())
    found = (about(name) for name in names)
    return sum(g == group and s not in ("", "Z") for s, g in found)


def client_of(bench: Bench) -> httpx.Client:
    """Make a browser's worth of a client."""
    return httpx.Client(base_url=bench.address, timeout=30.0)


def fetch(bench: Bench, client: httpx.Client, kind: str, path: str) -> None:
    """Fetch a page and note how long it took."""
    began = time.perf_counter()
    try:
        got = client.get(path)
    except httpx.HTTPError as error:
        if not bench.down:
            with bench.lock:
                bench.failures[f"{kind}: {type(error).__name__}"] += 1
        return
    took = time.perf_counter() - began
    with bench.lock:
        if got.status_code == 200:
            bench.times.setdefault(kind, []).append(took)
        else:
            bench.failures[f"{kind}: {got.status_code}"] += 1


def browse(bench: Bench, number: int, pause: float) -> None:
    """Read pages until it is over, as one browser."""
    rng = random.Random(bench.seed * 100 + number)  # noqa: S311 - no secret
    client, at = client_of(bench), bench.address
    while not bench.over:
        if bench.down or at != bench.address:
            time.sleep(0.05)
            if not bench.down:
                client, at = client_of(bench), bench.address
            continue
        with bench.lock:
            done = sorted(bench.answered)
            open_ = [run for run in bench.asked if run not in bench.answered]
        choices = list(KINDS.items())
        # What a browser does by itself every second while a run goes on.
        choices += [("progress", f"/runs/{run}/progress") for run in open_] * 2
        choices += [("going", f"/runs/{run}") for run in open_]
        for run in done[-4:]:
            choices += [(kind, f"/runs/{run}{end}") for kind, end in OF_RUN.items()]
        if len(done) > 1:
            choices.append(("compare", f"/compare?one={done[0]}&other={done[-1]}"))
        fetch(bench, client, *rng.choice(choices))
        time.sleep(rng.uniform(0.0, 2 * pause))


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    """Send a form with this server's token."""
    token = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert token is not None
    return client.post(path, data={"token": token.group(1), **form})


def batch(bench: Bench, client: httpx.Client) -> list[str]:
    """Ask four questions at once; returns the runs."""
    first, made = len(bench.asked), []
    for number in range(first, first + 4):
        text = QUESTION.format(number=number, year=1901 + number % 10)
        began = time.perf_counter()
        got = post(client, "/ask", text=text, runs=str(bench.runs), seed=str(number + 1))
        bench.times.setdefault("asking", []).append(time.perf_counter() - began)
        if got.status_code != 303:
            bench.wrong.append(f"asking came to {got.status_code}: {got.text[:200]}")
            continue
        made.append(got.headers["location"].rpartition("/")[2])
    with bench.lock:
        bench.asked += made
    return made


def told(bench: Bench, run: str) -> str:
    """What a run last said of itself."""
    try:
        return (bench.folder / f"home/runs/{run}/progress.json").read_text(encoding="utf-8")
    except OSError:
        return ""


def cancelled(bench: Bench, client: httpx.Client) -> float | None:
    """Stop a run that computes with its workers; seconds until none of its processes is left."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for run, process in heads(bench.folder).items():
            if "draws" in told(bench, run) and alive(process) > 1:
                began = time.perf_counter()
                post(client, f"/runs/{run}/stop")
                while alive(process) and time.perf_counter() - began < 30:
                    time.sleep(0.01)
                freed = time.perf_counter() - began
                post(client, f"/runs/{run}/resume")
                return freed
        time.sleep(0.05)
    return None


def work(bench: Bench, minutes: float) -> Row:
    """Ask, stop, restart and wait, until the time is over and the last batch is answered."""
    until, freed, restarts = time.monotonic() + minutes * 60, [], 0
    store = bench.folder / "home" / "runs"
    while time.monotonic() < until:
        client = client_of(bench)
        made = batch(bench, client)
        freed += [seconds for seconds in [cancelled(bench, client)] if seconds is not None]
        if not restarts:
            bench.restart()
            restarts += 1
        patience = time.monotonic() + WAIT
        while time.monotonic() < patience and len(bench.answered & set(made)) < len(made):
            bench.count()
            bench.memory_now()
            with bench.lock:
                bench.answered |= {run for run in made if (store / run / "sealed.json").exists()}
            time.sleep(0.25)
        lost = sorted(set(made) - bench.answered)
        bench.wrong += [f"the run {run} was not answered" for run in lost]
        if lost:
            break
    return {"freed": freed, "restarts": restarts}


def quantile(values: list[float], share: float) -> float:
    """Value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def look(bench: Bench) -> float:
    """Open an answer and the runs in a real browser; milliseconds until the answer is there."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is asked for

    path = shutil.which("chromium")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        while not bench.answered and not bench.wrong:
            time.sleep(0.2)
        page.goto(f"{bench.address}/runs/{min(bench.answered)}")
        page.wait_for_selector("#ways")
        took: float = page.evaluate(
            "(e => e.domContentLoadedEventEnd - e.startTime)"
            "(performance.getEntriesByType('navigation')[0])"
        )
        page.goto(f"{bench.address}/runs")
        page.wait_for_selector("table")
        browser.close()
    bench.wrong += wrong
    return took


def summary(bench: Bench, found: Row) -> Row:
    """What was measured."""
    pages = {
        kind: {
            "requests": len(took),
            **{f"p{p}": round(quantile(took, p / 100), 3) for p in (50, 95, 99)},
        }
        for kind, took in sorted(bench.times.items())
    }
    # Of fewer the 95th of a hundred is the slowest one.
    slow = [k for k, row in pages.items() if row["requests"] >= 20 and row["p95"] > P95]
    bench.wrong += [f"p95 of {kind} is {pages[kind]['p95']} s" for kind in slow]
    bench.wrong += [f"{what}, {many} times" for what, many in bench.failures.items()]
    bench.wrong += [f"cores were free after {s:.1f} s" for s in found["freed"] if s > FREED]
    held = [mb for _, mb in bench.memory]
    thirds = [held[k * len(held) // 3 :][: max(len(held) // 3, 1)] for k in (0, 2)]
    return {
        "minutes": round((time.monotonic() - bench.began) / 60, 1),
        "pages": pages,
        "runs_asked": len(bench.asked),
        "runs_answered": len(bench.answered),
        "most_runs_computed_at_once": bench.most,
        "server_restarts": found["restarts"],
        "seconds_until_cores_free": [round(s, 2) for s in found["freed"]],
        "server_mb_first_and_last_third": [round(sum(t) / max(len(t), 1), 1) for t in thirds],
        "server_mb_most": round(max(held, default=0.0), 1),
        "wrong": bench.wrong,
    }


def main() -> int:
    """Do all of it and print what was measured."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 2)[1])
    parser.add_argument("--minutes", type=float, default=10.0, help="ask no more after these")
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two pages")
    parser.add_argument("--runs", type=int, default=32, help="fresh runs of each question")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chromium", action="store_true", help="look at it in a real one too")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="allohistory-load-"))
    bench = Bench(folder, given.runs, given.seed)
    bench.serve()
    readers = [
        threading.Thread(target=browse, args=(bench, n, given.pause), daemon=True)
        for n in range(given.browsers)
    ]
    seen: list[float] = []
    if given.chromium:
        readers.append(threading.Thread(target=lambda: seen.append(look(bench))))
    for reader in readers:
        reader.start()
    try:
        found = work(bench, given.minutes)
        verified = subprocess.run(
            [sys.executable, "-P", "-m", "allohistory", "runs", "verify"],
            env={**os.environ, "ALLOHISTORY_HOME": str(folder / "home")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if verified.returncode:
            bench.wrong.append(verified.stdout[-500:])
    finally:
        bench.over = True
        for reader in readers:
            reader.join(60)
        assert bench.process is not None
        bench.process.terminate()
        bench.process.wait(20)
        for process in heads(folder).values():
            os.killpg(process, signal.SIGKILL)
    figures = summary(bench, found) | {"chromium_load_ms": [round(ms) for ms in seen]}
    text = json.dumps(figures, indent=1) + "\n"
    print(text, end="")
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
