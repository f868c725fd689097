"""
Command line: thin; every command calls one function of the library.

Heavy imports stay inside the commands, so that `allohistory --help` starts at once.
"""

import os
import sys
from errno import ENOSPC
from pathlib import Path
from typing import Annotated

import typer

from allohistory.cli import bench, check, exports, plausible, runs, serve, thread
from allohistory.cli.options import (
    AsJson,
    Borders,
    Executor,
    Jobs,
    Seed,
    borders_of,
    print_json,
    progress,
    resumable,
    room_for,
    store_usable,
    warn,
    whole,
    workers_of,
    written,
)
from allohistory.errors import AllohistoryError

INTERRUPTED = 130
"""Exit code of a command stopped at the keyboard; typer returns it rather than raise."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Computed, sourced what-ifs about the history of alliances and wars.",
    epilog="Example: allohistory ask sino-japanese-alliance",
)
record = typer.Typer(
    no_args_is_help=True,
    help="What happened: the record and how it compares with published tables.",
    epilog="Example: allohistory record show Japan China",
)
app.add_typer(record, name="record")
app.add_typer(runs.app, name="runs")

Runs = Annotated[int | None, typer.Option(help="Fresh runs per point of divergence.", min=8)]
Without = Annotated[
    list[str] | None,
    typer.Option(help="Switch a mechanism off (repeatable); an unknown name lists the nearest."),
]


@app.command(epilog="Example: allohistory ask sino-japanese-alliance --runs 400")
def ask(
    question: Annotated[str, typer.Argument(help="A bundled question or a path to a .toml file.")],
    *,
    runs: Runs = None,
    seed: Seed = 1,
    jobs: Jobs = 0,
    without: Without = None,
    without_elicited: Annotated[
        bool, typer.Option(help="Set every elicited effect to its neutral value.")
    ] = False,
    search: Annotated[
        bool,
        typer.Option("--search", help="Also search for ways nobody listed (some minutes)."),
    ] = False,
    executor: Executor = "",
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither read nor keep results of earlier runs.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the answer as Markdown.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write the answer as one HTML page.")
    ] = None,
    borders: Borders = None,
    bbcode: Annotated[
        Path | None, typer.Option(help="Also write the answer as BBCode, for a forum.")
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="Also write a scenario card, for `rerun`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer a what-if question: chances, prices, what follows, one typical world, limits."""
    from rich.console import Console

    from allohistory.answer import terminal
    from allohistory.answer.scenario import card as as_card
    from allohistory.executors import address_of
    from allohistory.running import begin, execute
    from allohistory.runs import Settings

    for file in (markdown, report, bbcode, card):
        if file is not None:
            room_for(file)
    features = borders_of(borders, report)
    store_usable()
    settings = Settings(runs, seed, tuple(without or ()), not without_elicited, search)
    if executor:
        address_of(executor)
    run = begin(question, settings)
    with progress() as say, resumable(run.id):
        answer = execute(
            run,
            jobs=workers_of(jobs),
            executor=executor,
            cached=not no_cache,
            say=say,
            warn=warn,
        )
    written(answer, markdown, report, bbcode, features)
    if card is not None:
        whole(card, as_card(answer, run.question.read_text(encoding="utf-8")))
    if as_json:
        print_json(answer)
        return
    console = Console()
    terminal.render(answer, console)
    console.print(f"The whole answer is kept in {run.folder}", soft_wrap=True, highlight=False)


@app.command(epilog='Example: allohistory new "Franco-German alliance" > mine.toml')
def new(
    title: Annotated[
        str, typer.Argument(help="What the question is about; naming two states helps.")
    ],
    out: Annotated[Path | None, typer.Option(help="File to write (never overwritten).")] = None,
) -> None:
    """Write a commented question file to edit."""
    from allohistory.errors import QuestionError
    from allohistory.question.template import new as write

    text = write(title)
    if out is None:
        sys.stdout.write(text)
        return
    if out.exists():
        raise QuestionError("the file exists already", "another name after --out", out)
    room_for(out)
    out.write_text(text, encoding="utf-8")


@app.command(epilog="Example: allohistory replay 1870 2010 --json")
def replay(
    first: Annotated[int, typer.Argument(help="First year.")],
    last: Annotated[int, typer.Argument(help="Last year.")],
    *,
    with_: Annotated[
        str | None,
        typer.Option("--with", help="Question file (or bundled question) whose POD is applied."),
    ] = None,
    pod: Annotated[
        str | None, typer.Option(help="Which POD of that question (default: first).")
    ] = None,
    kappa: Annotated[
        float,
        typer.Option(help="Butterfly dial: 0 keeps history's luck, inf redraws what moved.", min=0),
    ] = 0.0,
    runs: Annotated[
        int | None, typer.Option(help="Null replays (default: every draw).", min=1)
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = 0,
    without: Without = None,
    as_json: AsJson = False,
) -> None:
    """Replay history under its own luck; with a POD, print what changes, by year and by cause."""
    from allohistory.model.switches import check
    from allohistory.question.choose import plan_of
    from allohistory.replay import replay as run

    plan = plan_of(with_, pod) if with_ else None
    result = run(
        first,
        last,
        plan,
        seed=seed,
        runs=runs,
        jobs=workers_of(jobs),
        kappa=kappa,
        off=check(without or ()),
    )
    if as_json:
        print_json(result)
        return
    from allohistory.answer.replayed import text

    sys.stdout.write(text(result))


@record.command("show", epilog="Example: allohistory record show Japan China")
def record_show(
    one: Annotated[str, typer.Argument(help="A state, under any name of any era.")],
    other: Annotated[str, typer.Argument(help="Another state.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print everything two states share in the record, in date order."""
    from allohistory.record.names import find_state
    from allohistory.record.show import render_text, shared_history
    from allohistory.record.tables import load

    history = shared_history(find_state(one), find_state(other), load())
    if as_json:
        print_json(history.to_dict())
    else:
        sys.stdout.write(render_text(history))


@record.command("verify", epilog="Example: allohistory record verify --json")
def record_verify(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the published tables (default: $ALLOHISTORY_DATA)."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare the core record with the published tables and list every departure."""
    from allohistory.errors import RecordError
    from allohistory.record.tables import load
    from allohistory.record.verify import data_folder, render_text, verify

    folder = data or data_folder()
    if folder is None or not Path(folder).is_dir():
        raise RecordError(
            "the published tables are not at hand; "
            "name their folder with --data or $ALLOHISTORY_DATA"
        )
    result = verify(load(), Path(folder))
    if as_json:
        print_json(result.to_dict())
    else:
        sys.stdout.write(render_text(result))


@record.command(
    "build", epilog="Example: allohistory record build published-tables --out full-record"
)
def record_build(
    data: Annotated[
        Path, typer.Argument(help="Folder of the published tables: Parquet, CSV or R files.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write; an earlier build is replaced.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Build a record of the whole world, 1816-2016, from the published tables."""
    from allohistory.record.build.world import build, text

    report = build(data, out)
    if as_json:
        print_json(report)
    else:
        sys.stdout.write(text(report, out))


@app.command(epilog="Example: allohistory fit --out mine.npz")
def fit(
    *,
    last: Annotated[
        int | None,
        typer.Option(help="Last year looked at (default: the last that all tables cover)."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Joint parameter draws.", min=1)] = 128,
    out: Annotated[
        Path, typer.Option(help="File to write; coefficients go beside it as CSV.")
    ] = Path("parameters.npz"),
    as_json: AsJson = False,
) -> None:
    """Re-estimate the model from the record; the shipped parameters are what this writes."""
    from allohistory.fit.write import refit

    room_for(out)
    with progress() as say:
        facts = refit(out, last=last, many=draws, say=say)
    if as_json:
        print_json(facts)
    else:
        sys.stdout.write(
            f"{out}: {facts['draws']} draws fitted on {facts['first']}-{facts['last']}\n"
        )


check.add(app)
bench.add(app)
plausible.add(app)
exports.add(app)


@app.command(epilog="Example: allohistory mechanisms")
def mechanisms(*, as_json: AsJson = False) -> None:
    """List what `ask --without NAME` can switch off."""
    from allohistory.model.switches import names

    if as_json:
        print_json(names())
    else:
        sys.stdout.write("\n".join(names()) + "\n")


def _version(asked: bool) -> None:
    if asked:
        from allohistory import __version__

        sys.stdout.write(f"{__version__}\n")
        raise typer.Exit


app.command(epilog="Example: allohistory thread sino-japanese-alliance")(thread.thread)
app.command(epilog="Example: allohistory serve --port 8765")(serve.serve)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run a command; bad input is one sentence on standard error and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except AllohistoryError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except typer.TyperException as error:
        said = error.format_message()
        # Without arguments the message is the help itself.
        sys.stderr.write(f"{said}\n" if "\n" in said else f"{said} Try --help.\n")
        sys.exit(2)
    except OSError as error:
        what = error.strerror or str(error)
        if error.errno == ENOSPC:
            what += (
                "; what was rolled is kept where there was room, and asking again goes on from it"
            )
        sys.stderr.write(f"{error.filename}: {what}.\n" if error.filename else f"{what}.\n")
        if not error.filename:
            # Standard output itself may be what failed; at its end Python would try it again.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    if code == INTERRUPTED:
        sys.stderr.write("Stopped.\n")
    sys.exit(code if isinstance(code, int) else 0)
