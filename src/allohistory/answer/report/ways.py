"""The ranked table of the report: choosing a row changes all that stands below it."""

from html import escape
from typing import Any

from allohistory.answer.page import ranked
from allohistory.answer.report.figures import dots
from allohistory.answer.report.html import text
from allohistory.answer.wording import Answer, best_id, chance, number, one_in, top, year
from allohistory.percent import percent


def table(answer: Answer) -> str:
    """The points of divergence, best first, and history at the end."""
    pods = ranked(answer)
    base = answer.get("baseline", {}).get("p_goal") or {}
    end = scale(answer)
    rows = [_row(n, pod, end, chosen=pod["id"] == best_id(answer)) for n, pod in enumerate(pods, 1)]
    if base:
        rows.append(
            '<tr class="history"><td data-label="#" class="right firm">-</td><td data-label="Way">'
            "Nothing changes (history)</td>"
            f'<td data-label="Year" class="firm">from {year(answer["baseline"].get("from"))}</td>'
            f'<td data-label="Chance (90%)" class="firm">{text(chance(base))}</td>'
            f'<td data-label="Interval">{dots(base, None, end)}</td>'
            '<td data-label="How far-fetched" class="firm">0 bits</td></tr>'
        )
    heads = (
        ("right", "#"),
        ("", "Point of divergence"),
        ("", "Year"),
        ("", "Chance (90%)"),
        ("", f"0 to {100 * end:.3g}%"),
        ("", "How far-fetched"),
    )
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for kind, name in heads)
    return (
        '<table id="ways"><caption>Choosing a way changes all below.'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def scale(answer: Answer) -> float:
    """Upper end of the line that the chances of all ways, and history's, are shown on."""
    base = answer.get("baseline", {}).get("p_goal") or {}
    return top([p["p_goal"].get("hi") for p in answer["pods"]] + [base.get("hi")])


def _row(rank: int, pod: dict[str, Any], end: float, *, chosen: bool) -> str:
    notes = []
    if pod.get("decided") not in (None, pod.get("year")):
        notes.append(f"decided in {year(pod['decided'])}")
    if pod.get("outside"):
        notes.append("outside the window")
    note = f'<span class="quiet"> ({text(", ".join(notes))})</span>' if notes else ""
    price = f"{number(pod.get('bits'))} bits"
    if pod.get("stated_bits"):
        price += f" + {number(pod['stated_bits'])} assumed"
    name = escape(pod["id"])
    base = (pod.get("p_base") or {}).get("p")
    return (
        f'<tr class="way{" chosen" if chosen else ""}" data-pod="{name}">'
        f'<td data-label="#" class="right firm">{rank}</td>'
        f'<td data-label="Way"><label><input type="radio" name="pod" value="{name}"'
        f"{' checked' if chosen else ''}> {text(pod['title'])}</label>{note}</td>"
        f'<td data-label="Year" class="firm">{year(pod.get("year"))}</td>'
        f'<td data-label="Chance (90%)" class="firm">{text(chance(pod["p_goal"]))}'
        f'<span class="quiet"> without {text(percent(base))}</span></td>'
        f'<td data-label="Interval">{dots(pod["p_goal"], base, end)}</td>'
        f'<td data-label="How far-fetched" class="firm">{text(price)} '
        f'<span class="quiet">{text(one_in(pod.get("one_in")))}</span></td></tr>'
    )
