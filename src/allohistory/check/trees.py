"""Boosted trees, which come with the extra ``check``, and one thread for all libraries."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any

from allohistory.errors import AllohistoryError


def there() -> None:
    """
    See to it that boosted trees can be grown, before any work is done.

    Raises
    ------
    AllohistoryError
        Their library is not installed.
    """
    if find_spec("sklearn") is None:
        raise AllohistoryError(
            "boosted trees are compared with the model and need scikit-learn; "
            'install it with pip install "allohistory[check]"'
        )


def single() -> AbstractContextManager[Any]:
    """
    Hold the linear algebra to one thread: several may differ in the last digit.

    Threads of trees spin: beside another process they take twenty times as long.
    """
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    import numpy as np  # noqa: F401, PLC0415 - only what is loaded can be held
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - an extra

    return threadpool_limits(1)  # type: ignore[no-any-return]


def limit() -> None:
    """Hold a whole process to one thread."""
    single().__enter__()


def boosting(**settings: float | bool | None) -> Any:  # noqa: ANN401 - it has no types
    """
    Trees to be grown with some settings; the same ones give the same trees.

    Raises
    ------
    AllohistoryError
        Their library is not installed.
    """
    there()
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - an extra

    return HistGradientBoostingClassifier(early_stopping=False, random_state=0, **settings)
