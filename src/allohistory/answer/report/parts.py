"""The parts of the report that hang on the chosen way, and those that do not."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from allohistory.answer import best as looks
from allohistory.answer import bonds, searched
from allohistory.answer.blocks import Block, Heading, Prose
from allohistory.answer.outlook import follows, timeline
from allohistory.answer.page import advised, history, last_words, lead
from allohistory.answer.report import figures
from allohistory.answer.report.bundle import data
from allohistory.answer.report.html import blocks, details
from allohistory.answer.report.map import map_slots
from allohistory.answer.report.network import network_slot
from allohistory.answer.report.scene import scene_of
from allohistory.answer.report.shapes import World
from allohistory.answer.ways_found import found
from allohistory.answer.wording import Answer, best_id, year
from allohistory.percent import percent


def leading(answer: Answer) -> Iterator[Block]:
    """Question, headline, and what counts."""
    yield Prose(answer["question"], quiet=True)
    best = next((pod for pod in answer["pods"] if pod["id"] == best_id(answer)), None)
    if best is None:
        yield Heading(answer["headline"], 1)
    else:
        reached = best["p_goal"]
        found = f"The best way found: {best['title']}, {percent(reached['p'])}"
        none = f"No way reaches the goal in these runs (at most {percent(reached['hi'])})"
        yield Heading(found if reached["p"] else none, 1)
        yield Prose(answer["headline"])
    yield from lead(answer)


def closing(answer: Answer) -> Iterator[Block]:
    """Why history went as it did, what to expect of it, limits and sources."""
    return chain(history(answer), advised(answer), last_words(answer))


def parts(answer: Answer, pod: dict[str, Any], *, every: bool = True) -> dict[str, str]:
    """
    All that hangs on one way.

    Parameters
    ----------
    every : bool
        Whether to tell all its typical worlds, or the first alone.

    Returns
    -------
    dict of str to str
        HTML by slot, in the order of the page; the same slots for every way.
    """
    mine = answer | _of(pod)
    return {
        "title": blocks(
            [
                Heading(f"{pod['title']} ({year(pod.get('year'))})"),
                Prose(looks.price(pod)),
                *looks.steps(answer, pod),
            ],
            folded=True,
        ),
        "curve": f"<section><h2>When, if at all</h2>{figures.curve(pod)}</section>",
        "timeline": _worlds(mine, pod, every=every),
        "follows": blocks(chain(looks.effects(answer, pod), follows(mine)), folded=True),
        "firm": blocks(
            chain(
                looks.predicates(answer, pod),
                bonds.told(pod),
                looks.yardstick(answer, pod),
                looks.closest(answer, pod),
                looks.spread(answer, pod),
                searched.bounds(pod["bounds"], pod["title"]) if pod.get("bounds") else (),
            ),
            folded=True,
        ),
        "assumed": blocks(looks.assumptions(pod)),
    }


def drawn(answer: Answer, pod: dict[str, Any], world: World | None = None) -> dict[str, str]:
    """The parts of map and network that hang on one way, by slot; empty where it has no atlas."""
    best = pod["id"] == best_id(answer)
    atlas = answer.get("atlas") if best else answer.get("atlases", {}).get(pod["id"])
    scene = scene_of({"atlas": atlas})
    if scene is None:
        return {}
    return {**map_slots(scene, world), "network": network_slot(scene), "data": data(scene)}


def beyond(answer: Answer) -> str:
    """What a search found beyond the listed ways; empty where none was made."""
    best = answer.get("best") or {}
    if not best.get("frontier") and not best.get("near"):
        return ""
    drawn_ways = figures.frontier([*best["frontier"]], [*best.get("own", [])])
    return f'<section id="search">{drawn_ways}{blocks(found(answer), folded=True)}</section>'


def _of(pod: dict[str, Any]) -> Answer:
    """The parts of an answer that tell of one way, as if it were the best."""
    return {
        "best": {"id": pod["id"]},
        "follows": {
            "pod": pod["id"],
            "quantities": pod.get("effects"),
            "reactions": pod.get("reactions"),
            "shares": pod.get("shares"),
        },
    }


def _worlds(mine: Answer, pod: dict[str, Any], *, every: bool) -> str:
    """Typical worlds of a way, one shown at a time."""
    kept = [mine.get("timeline"), *mine.get("worlds", [])]
    told = [world for world in kept if world and world["pod"] == pod["id"]]
    shown = [
        f'<div class="world" data-world="{n}"{"" if n == 0 else " hidden"}>'
        f"{blocks(timeline(mine | {'timeline': world}))}</div>"
        for n, world in enumerate(told if every else told[:1])
    ]
    more = '<p><button type="button" class="narrow" data-act="whole">Show every year</button>'
    if len(told) > 1:
        more += ' <button type="button" data-act="another">Another world</button>'
    more += "</p>"
    return f'<section class="timeline">{"".join(shown)}{more}</section>' if shown else ""


def scholar(answer: Answer) -> str:
    """What a scholar asks for: the goal, every way's bits by step, seed and versions."""
    every = [
        details(pod["title"], blocks(looks.steps(answer, pod), deeper=1)) for pod in answer["pods"]
    ]
    return "".join(every)
