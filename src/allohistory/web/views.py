"""Watch, read and compare, and what the first page asks of the server."""

import json
from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from allohistory.answer import markdown
from allohistory.answer.page import last_words, provenance_line
from allohistory.answer.report import body, data, report
from allohistory.answer.report.html import blocks
from allohistory.answer.report.parts import scholar
from allohistory.answer.wording import Answer, chance, number, one_in
from allohistory.errors import QuestionError, RunError
from allohistory.question.read import read, read_text
from allohistory.running import begin
from allohistory.runs import Run, Settings, find, remove
from allohistory.runs import every as every_run
from allohistory.web import compose, processes
from allohistory.web.first import FIRST, asking
from allohistory.web.page import page, shown

MOST_RUNS = 100_000


async def bundled(request: Request) -> Response:
    """The first page with a question of the package."""
    text = read(request.query_params["question"]).text
    checked = await run_in_threadpool(compose.check, text)
    return shown(request, "ask.html", **asking(text, dict(FIRST), checked))


async def step_form(request: Request) -> Response:
    """Inputs of a kind of step."""
    kind = request.query_params.get("kind", "")
    return shown(request, "step.html", fields=compose.fields(kind), kind=kind)


async def file_posted(request: Request) -> Response:
    """The file with what the form says: from the sentence, or with one more step."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    text, said = form.get("text", ""), ""
    try:
        if form.get("act") == "sentence":
            text = compose.sentence(form)
        elif form.get("act") in ("way", "step"):
            made = compose.step(form.get("kind", ""), form)
            new = form["act"] == "way"
            before = text if text.strip() else compose.sentence(form)
            title = form.get("title", "").strip() or compose.titled(form.get("kind", ""), form)
            longer = compose.with_step(before, title, made, new=new)
            text = await run_in_threadpool(compose.fitting, before, longer)
    except QuestionError as error:
        said = str(error)
    checked = await run_in_threadpool(compose.check, text) if text.strip() else None
    if request.headers.get("hx-request"):
        given = {"runs": "", "seed": ""} | form
        return shown(request, "file.html", text=text, checked=checked, said=said, given=given)
    whole = asking(text, FIRST | form, checked) | {"said": said}
    return shown(request, "ask.html", **whole)


async def ask_posted(request: Request) -> Response:
    """Begin a run and go to its page."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    text, said, checked, settings = form.get("text", ""), "", None, Settings()
    try:
        text = text if text.strip() else compose.sentence(form)
        checked = await run_in_threadpool(compose.check, text)
        settings = Settings(
            runs=_whole(form, "runs", 8, MOST_RUNS), seed=_whole(form, "seed", 0, 1 << 62) or 1
        )
    except QuestionError as error:
        said = str(error)
    if said or checked is None or checked.question is None:
        # What was filled in stays, with what is wrong beside it.
        whole = asking(text, FIRST | form, checked) | {"said": said}
        return HTMLResponse(page(request, "ask.html", **whole), 400)
    source = read_text(text, "question.toml")
    run = await run_in_threadpool(partial(begin, source, settings))
    await run_in_threadpool(processes.start, run, request.app.state.jobs)
    return RedirectResponse(f"/runs/{run.id}", 303)


def _whole(form: dict[str, str], key: str, least: int, most: int) -> int | None:
    text = form.get(key, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise QuestionError(
            f'"{key}" is "{text[:40]}"', f"a whole number from {least:,} to {most:,}"
        )
    return int(text)


async def every(request: Request) -> Response:
    """All runs."""
    found = await run_in_threadpool(lambda: [(r, processes.state(r)) for r in every_run()])
    return shown(request, "runs.html", runs=found)


async def run(request: Request) -> Response:
    """The answer of a run, or how far it is."""
    found = find(request.path_params["run"])
    if not found.done:
        going = await run_in_threadpool(_going, found)
        return shown(request, "run.html", run=found, **going)
    answer = await run_in_threadpool(found.answer)
    parts = await run_in_threadpool(lambda: {"body": body(answer), "data": data(answer)})
    return shown(request, "answer.html", run=found, answer=answer, **parts)


def _going(found: Run) -> dict[str, object]:
    told = found.progress()
    state = processes.state(found)
    done, total = told.get("done"), told.get("total")
    return {
        "state": state,
        "told": told.get("text") or "starting",
        "before": processes.before(found) if state == "waiting" else 0,
        "done": done if isinstance(done, int) else None,
        "total": total if isinstance(total, int) else None,
        "trouble": processes.trouble(found) if state == "unfinished" else "",
    }


async def progress(request: Request) -> Response:
    """How far a run is; a finished one sends the browser to its answer."""
    found = find(request.path_params["run"])
    if found.done:
        return HTMLResponse("", headers={"HX-Redirect": f"/runs/{found.id}"})
    return shown(request, "going.html", run=found, **await run_in_threadpool(_going, found))


async def evidence(request: Request) -> Response:
    """What a scholar asks for: steps and bits of every way, settings, seeds and versions."""
    found = find(request.path_params["run"])
    answer = await run_in_threadpool(found.answer)
    inner = scholar(answer) + blocks(last_words(answer))
    return shown(request, "evidence.html", run=found, body=inner, line=provenance_line(answer))


async def save(request: Request) -> Response:
    """A file of a finished run."""
    found = find(request.path_params["run"])
    answer = await run_in_threadpool(found.answer)
    makers: dict[str, tuple[Callable[[Answer], str], str]] = {
        "report.html": (report, "text/html"),
        "answer.md": (markdown.render, "text/markdown"),
        "answer.json": (partial(json.dumps, indent=1, ensure_ascii=False), "application/json"),
        found.question.name: (lambda _: found.question.read_text("utf-8"), "application/toml"),
    }
    what = request.path_params["what"]
    if what not in makers:
        raise RunError(f"a run has no file of that name; it has {', '.join(makers)}")
    make, kind = makers[what]
    text = await run_in_threadpool(make, answer)
    name = f"{found.id}-{what}"
    return Response(
        text, media_type=f"{kind}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


async def act(request: Request) -> Response:
    """Stop, go on with or remove a run."""
    name, what = request.path_params["run"], request.path_params["act"]
    found = find(name)
    if what == "remove":
        await run_in_threadpool(processes.leave, found)
        await run_in_threadpool(remove, found.id)
        return RedirectResponse("/runs", 303)
    if what == "stop":
        await run_in_threadpool(processes.stop, found)
    elif what == "resume":
        await run_in_threadpool(processes.start, found, request.app.state.jobs)
    else:
        raise RunError(f'nothing that is done to a run is called "{what[:40]}"')
    return RedirectResponse(f"/runs/{found.id}", 303)


async def compare(request: Request) -> Response:
    """Two finished runs side by side."""
    names = [request.query_params.get(key, "") for key in ("one", "other")]
    done = [r for r in every_run() if r.done]
    if not all(names):
        return shown(request, "compare.html", runs=done, names=names, rows=[], heads=[])
    pair = [await run_in_threadpool(find(name).answer) for name in names]
    return shown(request, "compare.html", runs=done, names=names, rows=_beside(*pair),
                 heads=[(a["question"], provenance_line(a)) for a in pair])  # fmt: skip


def _beside(one: Answer, other: Answer) -> list[tuple[str, str, str, str, str]]:
    """Ways of two answers, by title: chance and price in each."""
    tables = [{pod["title"]: pod for pod in answer["pods"]} for answer in (one, other)]
    calm = [chance(answer["baseline"]["p_goal"]) for answer in (one, other)]
    rows = [("Nothing changes (history)", calm[0], "0 bits", calm[1], "0 bits")]
    for title in dict.fromkeys([*tables[0], *tables[1]]):
        cells = []
        for table in tables:
            pod = table.get(title)
            cells += [chance(pod and pod["p_goal"]), _price(pod) if pod else "-"]
        rows.append((title, cells[0], cells[1], cells[2], cells[3]))
    return rows


def _price(pod: dict[str, float]) -> str:
    return f"{number(pod['bits'] + pod['stated_bits'])} bits, {one_in(pod['one_in'])}"
