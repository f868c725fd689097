"""A scenario card computed again, and what differs where the answer is another."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from allohistory.answer.scenario import HASHES, content, read_card
from allohistory.ask import ask
from allohistory.errors import QuestionError
from allohistory.question.text import text_of


def rerun(
    path: str | Path,
    *,
    jobs: int = 1,
    executor: str = "",
    cached: bool = True,
    say: Callable[..., object] = lambda *_: None,
    warn: Callable[[str], object] = lambda _: None,
) -> dict[str, Any]:
    """
    Compute the answer of a scenario card again and compare.

    Parameters
    ----------
    path : str or Path
        File that ``ask --card`` wrote.
    jobs, executor, cached, say, warn
        As `ask` has them; the answer hangs on none of them.

    Returns
    -------
    dict
        ``same`` (whether the hash is the card's), ``was`` and ``now`` (hashes), ``same_content``
        (whether its numbers and words are the card's, whatever they were made with; None where the
        card does not say), ``differs`` (of version, record and model, those that are others now:
        ``{"was", "now"}``), and the ``answer``.

    Raises
    ------
    QuestionError
        The file is no card, or its question cannot be asked.
    """
    try:
        text = text_of(path)
    except OSError as error:
        raise QuestionError(
            f"the card cannot be read ({error.strerror})", "a card that ask --card wrote", path
        ) from None
    except UnicodeDecodeError:
        raise QuestionError("the file is not text in UTF-8", file=path) from None
    card = read_card(text, str(path))
    with TemporaryDirectory() as folder:
        question = Path(folder) / f"{card.name}.toml"
        question.write_text(card.text, encoding="utf-8", newline="")
        answer = ask(
            question,
            runs=card.runs,
            seed=card.seed,
            jobs=jobs,
            without=card.without,
            elicited=card.elicited,
            executor=executor,
            cached=cached,
            say=say,
            warn=warn,
        )
    facts = answer["provenance"]
    return {
        "same": facts["hash"] == card.answer,
        "was": card.answer,
        "now": facts["hash"],
        "same_content": content(answer) == card.content if card.content else None,
        "differs": {
            name: {"was": getattr(card, name), "now": facts[name]}
            for name in HASHES
            if getattr(card, name) != facts[name]
        },
        "answer": answer,
    }
