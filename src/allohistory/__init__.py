"""
Computed what-ifs about the history of alliances and wars.

The front door: ``ask``, ``rerun``, ``replay``, ``check.run`` and ``bench.run``, fetched when first
used, so that ``import allohistory`` costs nothing. No work is done in this room.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allohistory import bench, check
    from allohistory.ask import ask
    from allohistory.replay import replay
    from allohistory.rerun import rerun

__version__ = "0.1.0"
__all__ = ["__version__", "ask", "bench", "check", "replay", "rerun"]

# Public verb to the module that defines it; a room is its own home.
_HOMES = {"ask": "allohistory.ask", "replay": "allohistory.replay", "rerun": "allohistory.rerun"}
_ROOMS = ("bench", "check")


class _Package(ModuleType):
    """
    A package whose public verbs win over submodules of the same name.

    The import system binds ``allohistory.ask``, the module, over ``ask``, the verb,
    as soon as anything imports the module; then ``allohistory.ask(...)`` would fail
    or work depending on what was imported before.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Fetch a public verb or room on first use."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Names that a user may want, lazy ones included."""
    return sorted({*globals(), *__all__})
