"""
Benchmarks beside a reference kernel: ``pytest benchmarks``, with the extra `bench`.

Cpu time says little of another machine. So each run first times a fixed piece of work, a hash, a
gather and an exponential at a time, and every figure is told as a multiple of it as well: these
may be compared. They stand below the table and, with ``--benchmark-json FILE``, in the file's
``extra_info``.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from allohistory.bench.clock import reference_s

MULTIPLES = pytest.StashKey[dict[str, float]]()


@pytest.fixture(scope="session")
def reference():
    """Cpu seconds of the reference kernel, in this very run."""
    return reference_s()


@pytest.fixture(autouse=True)
def scaled(request, reference):
    """Tell the median as a multiple of the reference."""
    yield
    benchmark = request.node.funcargs.get("benchmark")
    if benchmark is None or benchmark.stats is None:
        return
    times = benchmark.stats.stats.median / reference
    benchmark.extra_info |= {"reference_s": reference, "times_reference": times}
    request.config.stash.setdefault(MULTIPLES, {})[request.node.name] = times


def pytest_terminal_summary(terminalreporter, config):
    """List the multiples."""
    found = config.stash.get(MULTIPLES, {})
    if found:
        terminalreporter.section("median as a multiple of the reference kernel")
        for name, times in sorted(found.items(), key=lambda item: item[1]):
            terminalreporter.write_line(f"{times:12.2f}  {name}")
