"""A real browser on a real server; skipped with the reason where there is none."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS = os.environ.get("ALLOHISTORY_SHOTS")
LOOPBACK = ("http://127.0.0.1:", "data:", "file:", "blob:")


def pytest_collection_modifyitems(items):
    """They take long: left out by ``-m "not slow"``."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium():
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


class Server:
    """The workbench as a user starts it."""

    def __init__(self, home):
        self.home, self.process, self.address = home, None, ""

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "allohistory", "serve", "--port", "0", "--jobs", "1"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "ALLOHISTORY_HOME": str(self.home)},
        )
        began = time.monotonic()
        line = self.process.stdout.readline()
        self.started_in = time.monotonic() - began
        assert "http://" in line, line
        self.address = line.split()[4].rstrip("/")
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory, chromium):
    assert chromium.is_connected()
    made = Server(tmp_path_factory.mktemp("home")).start()
    yield made
    made.stop()


@pytest.fixture
def open_page(chromium):
    """Make pages on which any request beyond this machine and any error of a script fails."""
    contexts, wrong = [], []

    def make(*, width=1100, dark=False, offline=False, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            offline=offline,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda r: r.url.startswith(LOOPBACK) or wrong.append(r.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def shot():
    """Keep a picture for people to look at, where a folder was named for them."""

    def take(page, name):
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    return take


@pytest.fixture(scope="session")
def axe():
    """Return the source of axe-core, where it is at hand."""
    path = os.environ.get("AXE_CORE")
    if not path or not Path(path).is_file():
        pytest.skip("AXE_CORE names no axe.min.js")
    return Path(path).read_text(encoding="utf-8")
