"""What the model cannot see, in plain words and with the numbers of the answer at hand."""

from typing import Any

from allohistory.answer.wording import Answer, best_id, given, interval, listed, number
from allohistory.percent import percent
from allohistory.record.tables import load

_SETTINGS = ("0", "1", "inf", "fresh")


def limits(answer: Answer) -> list[str]:
    """
    Sentences on what an answer leaves out.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`; numbers that it has not are not mentioned.

    Returns
    -------
    list of str
        One limit each, the gravest first.
    """
    pod: dict[str, Any] = next((row for row in answer["pods"] if row["id"] == best_id(answer)), {})
    facts = answer.get("provenance", {})
    return [
        _cases(facts),
        _luck(pod),
        _settlement(facts),
        _inside(pod, facts),
        (
            "The step is a year: who learned what in which week, and in which order, is not "
            "modelled beyond ordered rounds of joining a war."
        ),
        (
            "There is no trade, money or public opinion. Domestic politics exists only as regime "
            "and change of leader, so parties, factions and coups count only through these."
        ),
        (
            "Persons are names from the record. A leader whom history does not know is a new "
            "leader without a character, and what one man would have done is not computed."
        ),
        (
            "Technology and industry follow each state's own path of capability; no invention "
            "comes earlier or later because of the divergence."
        ),
        (
            "Ideology enters only through regime and rivalry: the model knows that two states are "
            "rivals and not what about."
        ),
        *_price(pod),
        *_unmet(pod),
    ]


def _cases(facts: dict[str, Any]) -> str:
    tables = load()
    years = facts.get("years_fitted")
    span = f" of {years[0]}-{years[1]}" if years else ""
    return (
        f"There are few cases: the core record holds {len(tables.wars)} wars and "
        f"{len(tables.treaties)} treaties, the model saw those{span}, and alliances of former "
        "enemies are a small part of them. Rare combinations are judged by their parts."
    )


def _luck(pod: dict[str, Any]) -> str:
    text = (
        "How much of history's luck a changed world keeps (kappa) and how choices are coupled "
        "cannot be learned from one history. "
    )
    spread = pod.get("spread") or {}
    kappa, coupling = spread.get("kappa") or {}, spread.get("coupling") or {}
    points = [kappa[key] for key in _SETTINGS if given(kappa.get(key))]
    points += [p for p in coupling.values() if given(p)]
    if points:
        low, high = percent(min(points)), percent(max(points))
        text += f"For the best way the chance runs from {low} to {high} over these choices"
        frozen, fresh = kappa.get("0"), kappa.get("fresh")
        if given(frozen) and given(fresh):
            text += f": {percent(frozen)} with luck frozen, {percent(fresh)} with fresh luck"
        return text + "."
    return text + "Frozen luck changes almost nothing, fresh luck changes almost everything."


def _settlement(facts: dict[str, Any]) -> str:
    if not facts.get("elicited", True):
        return (
            "Effects of a peace that the record cannot estimate (prestige, revanche, deterrence) "
            "are left out, so wars matter less here than they may have."
        )
    text = (
        "What a peace does to prestige, revanche and deterrence is elicited: ranges from the "
        "literature and not estimates; --without-elicited shows what they carry."
    )
    if facts.get("without"):
        text += f" Left out in this answer: {listed(facts['without'])}."
    return text


def _inside(pod: dict[str, Any], facts: dict[str, Any]) -> str:
    goal = pod.get("p_goal") or {}
    shown = f" ({interval(goal.get('lo'), goal.get('hi'))})" if goal else ""
    drawn = [
        f"{facts[key]:,} {name}"
        for key, name in (("draws", "parameter draws"), ("runs", "runs"))
        if facts.get(key)
    ]
    basis = f" from {listed(drawn)}" if drawn else ""
    return (
        f"The 90% interval{shown} holds what is uncertain about parameters, elicited effects and "
        f"sampling{basis}. It does not hold the doubt whether the form of the model is right, "
        "errors of the record, the choice of kappa and coupling, or the priors that a question "
        "file states."
    )


def _price(pod: dict[str, Any]) -> list[str]:
    stated = pod.get("stated_bits")
    if not stated:
        return []
    text = (
        f"Of the best way's price {number(stated)} bits are stated in the question file and not "
        "computed: they are as good as whoever stated them."
    )
    return [text]


def _unmet(pod: dict[str, Any]) -> list[str]:
    met = pod.get("met")
    if met is None or not given(met) or met > 0.99:
        return []
    text = (
        f"Only in {percent(met)} of runs could every step of the best way be applied; where one "
        "could not, the world went on without it."
    )
    return [text]
