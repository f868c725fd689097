"""
Where draws are rolled: in place, in worker processes, or on a Dask cluster; same bytes everywhere.

Work comes back in the order in which it was handed in, and only so much of it is under way at a
time that memory does not grow with how much there is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Lock
from typing import Any

from allohistory.errors import QuestionError

AHEAD = 4
"""Pieces of work under way per worker: enough that none waits, few enough to hold in memory."""
PATIENCE = 10
"""Seconds after which a cluster that does not answer is given up."""
DASK = "dask:"
_ALONE = Lock()
"""A process rolls worlds on one stage, and workers of a cluster may have several threads."""


def alone(function: Callable[..., Any], /, *args: object, **kwargs: object) -> object:
    """Call a function while no other thread of this process is in such a call."""
    with _ALONE:
        return function(*args, **kwargs)


class Here(Executor):
    """Work done at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        """Do it; an error is raised here and now."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class OneAtATime(Executor):
    """Another executor's work, of which each process does one piece at a time."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        """Hand it on."""
        return self.pool.submit(alone, fn, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Workers:
    """
    An executor, and how many pieces of work may be under way.

    Attributes
    ----------
    pool : Executor
    width : int
    many : bool
        Whether the work is done by other processes than this one.
    """

    pool: Executor
    width: int
    many: bool

    def map(self, function: Callable[..., Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results of a function of each item, in order."""
        waiting: deque[Future[Any]] = deque()
        for item in items:
            waiting.append(self.pool.submit(function, item))
            if len(waiting) >= self.width:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def workers(jobs: int, executor: str = "") -> Iterator[Workers]:
    """
    Workers for a while.

    Parameters
    ----------
    jobs : int
        Worker processes (spawned, never forked); one works in place.
    executor : str
        ``dask:tcp://host:port`` for a Dask cluster instead.

    Raises
    ------
    QuestionError
        The executor is of no known kind, its library is missing or it does not answer.
    """
    with ExitStack() as stack:
        if executor:
            yield _cluster(executor, stack)
        elif jobs <= 1:
            yield Workers(Here(), 1, many=False)
        else:
            pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
            stack.callback(pool.shutdown, cancel_futures=True)
            yield Workers(pool, AHEAD * jobs, many=True)


def address_of(executor: str) -> str:
    """Address of a cluster's scheduler, as ``--executor`` names it."""
    address = executor.removeprefix(DASK)
    if not executor.startswith(DASK) or "://" not in address:
        raise QuestionError(
            f'"{executor}" is no executor', "dask:tcp://HOST:PORT with your scheduler's address"
        )
    return address


def _cluster(executor: str, stack: ExitStack) -> Workers:
    address = address_of(executor)
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise QuestionError(
            "a Dask cluster needs the library distributed: pip install 'allohistory[dask]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TypeError, TimeoutError):  # TypeError: tls without certificates
        raise QuestionError(f"no Dask scheduler answers at {address}") from None
    stack.callback(client.close)
    threads = sum(client.nthreads().values())
    if not threads:
        raise QuestionError(f"the Dask cluster at {address} has no workers")
    # Luck is a pure function of what it is asked, but Dask must not take one answer for another's.
    pool = client.get_executor(pure=False)
    stack.callback(pool.shutdown, wait=False)
    return Workers(OneAtATime(pool), AHEAD * threads, many=True)
