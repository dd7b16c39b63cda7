"""`apitwin check-client`: a client against what a real server does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apitwin.contracts import DEFAULT
from apitwin.testkit.cli.document_options import OVERLAY, ROOT
from apitwin.testkit.cli.exit_codes import EXIT_BROKEN, EXIT_COULD_NOT_RUN, epilog
from apitwin.testkit.cli.modules import modules_from_here
from apitwin.testkit.cli.output import say
from apitwin.testkit.cli.refusal import Refused, refusals
from apitwin.testkit.cli.stopping import STOPPING

if TYPE_CHECKING:
    from apitwin.testkit.clients.judge import ClientVerdict, Report
    from apitwin.testkit.clients.settings import Settings


@click.command("check-client", epilog=epilog("check-client"))
@click.argument("command")
@click.option(
    "--contract",
    default=DEFAULT,
    show_default=True,
    metavar="NAME",
    help="Bundled name, or path of an OpenAPI document.",
)
@click.option("--operation", metavar="ID", help="The list that the client reads. [default: the one it asks for]")
@click.option(
    "--world", type=click.Path(path_type=Path), metavar="FILE", help="YAML file with the world to copy items from."
)
@OVERLAY
@ROOT
@click.option(
    "--extension",
    metavar="MODULE:NAME",
    help="The API's own behaviour, imported from here, or an installed one by its name, instead of the contract's.",
)
@click.option("--law", "laws", multiple=True, metavar="NAME", help="Only this one. Repeatable.")
@click.option("--without", multiple=True, metavar="NAME", help="All laws but this one. Repeatable.")
@click.option("--harsh", is_flag=True, help="Ask also what a server may do and seldom does.")
@click.option(
    "--examples", default=12, show_default=True, type=click.IntRange(1), metavar="N", help="Scenarios for each law."
)
@click.option("--random-seed", default=0, show_default=True, metavar="N", help="Another number draws other scenarios.")
@click.option(
    "--seconds", default=30.0, show_default=True, metavar="SECONDS", help="How long one run of the client may take."
)
@click.option(
    "--deadline",
    type=float,
    metavar="SECONDS",
    help="How long the run may take; what is not judged by then is inconclusive. [default: none]",
)
@click.option("--debug", is_flag=True, help="Show the traceback of what apitwin itself failed at, without secrets.")
@click.option(
    "--page-maximum",
    "page_maximums",
    multiple=True,
    type=click.IntRange(1),
    metavar="N",
    help="Cut the server's pages to N items. Repeatable. [default: 7, 25, 50, 100]",
)
def check_client(command: str, contract: str, world: Path | None, **options: Any) -> None:
    """Check a client: does COMMAND survive what a real server does?

    COMMAND is run again and again, in quotes, such as "python my_client.py"; there is no shell. It finds the address
    of a twin in APITWIN_URL and a token in APITWIN_TOKEN, reads everything there is, and prints an id or a JSON item a
    line. Where it cannot, it has to end with an exit code other than 0. For HTTP Basic the user name and the password
    are also in APITWIN_USERNAME and APITWIN_PASSWORD.
    """
    from apitwin.testkit.clients.settings import PAGE_MAXIMUMS, Settings
    from apitwin.testkit.reports.tracebacks import show_traceback

    with refusals(), modules_from_here():
        settings = Settings(
            contract=contract,
            operation=options["operation"],
            world=None if world is None else str(world),
            overlay=options["overlay"],
            root=options["root"],
            extension=options["extension"],
            laws=options["laws"],
            without=options["without"],
            harsh=options["harsh"],
            examples=options["examples"],
            random_seed=options["random_seed"],
            seconds=options["seconds"],
            page_maximums=tuple(sorted(options["page_maximums"])) or PAGE_MAXIMUMS,
            command=command,
            deadline=options["deadline"],
            debug=show_traceback if options["debug"] else None,
        )
        report = _judged(settings)
    code = EXIT_BROKEN if report.broken else EXIT_COULD_NOT_RUN if report.undecided is not None else 0
    STOPPING.settle(code)
    _print(report)
    if code == EXIT_COULD_NOT_RUN:
        raise Refused(str(report.undecided))
    sys.exit(code)


def _judged(settings: Settings) -> Report:
    """Judge by one law after the other; what was judged before a stop is reported all the same."""
    from apitwin.testkit.clients.client import CommandClient
    from apitwin.testkit.clients.judge import Report, laws, verdicts_of

    client = CommandClient(settings.command, settings.seconds, STOPPING.asked)
    judged: list[ClientVerdict] = []
    report = Report(client.name, "", ())

    def finish() -> str:
        client.kill()
        if judged:
            _print(report)
        return f" after {len(judged)} of {len(laws(settings))} verdicts"

    with STOPPING.orderly(finish):
        for verdict, operation in verdicts_of(client, settings):
            judged.append(verdict)
            report = Report(client.name, operation, tuple(judged))
            say(f"{verdict.outcome:<7} {verdict.law.name}  {verdict.scenarios} scenarios", error=True)
    return report


def _print(report: Report) -> None:
    say(str(report))
    for verdict in report.broken:
        say(f"\n{verdict.failure_report}")
    if report.only_harsh:
        say("\nOnly what servers seldom do is too much for it.")
