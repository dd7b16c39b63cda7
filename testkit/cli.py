"""The command `apitwin`: serve a twin, check a target, list the laws.

Exit codes: 0 every law holds (or was skipped, or stayed open), 1 a law is broken, 2 it could not be run.
"""

from __future__ import annotations

import json
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from apitwin.contracts import DEFAULT, ContractError, bundled
from apitwin.testkit.errors import TestkitError

EXIT_BROKEN, EXIT_COULD_NOT_RUN = 1, 2
LONGEST_SILENCE_S = 2.0


class Refused(click.ClickException):
    """What could not be run, in one line."""

    exit_code = EXIT_COULD_NOT_RUN

    def show(self, file: Any = None) -> None:
        """Print the line on standard error."""
        click.echo(f"apitwin: {self.format_message()}", err=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn every error that is the user's to mend into one line and exit code 2."""
    try:
        yield
    except (ContractError, TestkitError) as error:
        raise Refused(str(error)) from None


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Yield what is set at Ctrl-C, for where the interrupt itself gets lost: Python drops one that hits a callback.

    What is raised in the block because of an interrupt, whatever it is by then, leaves it as KeyboardInterrupt.
    """
    stopped = threading.Event()

    def note(number: int, frame: Any) -> None:
        stopped.set()
        raise KeyboardInterrupt

    def unraisable(lost: Any) -> None:
        if not (stopped.is_set() and isinstance(lost.exc_value, KeyboardInterrupt)):
            told_before(lost)

    before, told_before = signal.signal(signal.SIGINT, note), sys.unraisablehook
    sys.unraisablehook = unraisable
    try:
        yield stopped
    except Exception:
        if stopped.is_set():  # Hypothesis fails with an assertion of its own where an interrupt hits its set-up
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = told_before


class Commands(click.Group):
    """The commands, of which each can be stopped: click's own exit code for that would mean a broken law."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Refused("stopped by Ctrl-C") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="apitwin", prog_name="apitwin")
def main() -> None:
    """A twin of a paginated REST API, and the laws that it and the real API must obey.

    \b
    Start a fake VIKTOR backend:      apitwin serve viktor
    Check the twin against the laws:  apitwin check viktor
    Check a live API:                 apitwin check viktor --target https://demo.viktor.ai --token-env TOKEN
    Check a client of yours:          apitwin check-client "python my_client.py"
    What is checked:                  apitwin laws
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a console that cannot show a character shows its number instead
            reconfigure(errors="backslashreplace")


@main.command()
@click.argument("contract")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option("--world", type=click.Path(path_type=Path), help="YAML file with the world to start with.")
@click.option(
    "--page-maximum", type=int, metavar="N", help="Cut every page to N items, instead of the contract's maximum."
)
@click.option("--check-answers", is_flag=True, help="Answer 500 where the twin's own answer breaks the contract.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME:WORD=VALUE,...",
    help="Answer badly, such as unavailable:operation=workspaces_list,times=2,retry_after=1. Repeatable; see "
    "`apitwin faults`.",
)
@click.option("--tls", is_flag=True, help="Speak HTTPS, for clients that speak nothing else.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --tls: write the certificate to trust to this file. [default: a temporary one]",
)
def serve(
    contract: str,
    host: str,
    port: int,
    world: Path | None,
    page_maximum: int | None,
    check_answers: bool,
    faults: tuple[str, ...],
    tls: bool,
    ca_file: Path | None,
) -> None:
    """Serve a twin of CONTRACT: a bundled name (such as viktor) or the path of an OpenAPI document.

    Prints the address, a token that works, and a curl line to try it with. Stop it with Ctrl-C. Under /__twin__/
    the twin answers for itself: GET health, journal, clock and faults, POST reset, clock and faults.

    With --tls it also prints the environment variable with which Python's requests, and all that is built on it,
    trusts this twin (and no other server, so nothing real can be reached by mistake), and the host to give to a
    client that puts https:// before it by itself: the environment of VIKTOR's SDK.
    """
    from apitwin.mock_server import Twin, TwinError

    if ca_file is not None and not tls:
        raise Refused(f"--ca-file {ca_file}: there is a certificate only with --tls")
    if page_maximum is not None and page_maximum < 1:
        raise Refused(f"--page-maximum {page_maximum}: expected 1 or more")
    with _until_stopped(), ExitStack() as stack, refusals():
        try:
            twin = Twin(
                contract,
                world=world,
                page_maximum=page_maximum,
                faults=faults,
                check_answers=check_answers,
                tls=tls,
                ca_file=ca_file,
                host=host,
                port=port,
            )
            stack.enter_context(twin)
        except TwinError as error:
            raise Refused(str(error)) from None
        _introduce(twin)
        twin.running.wait()


@contextmanager
def _until_stopped() -> Iterator[None]:
    """End quietly at Ctrl-C, or at the signal by which containers are stopped, once all inside is put away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


def _introduce(twin: Any) -> None:
    """Say what it takes to use a running twin."""
    contract, token = twin.contract, twin.world.token()
    first = next((one for one in contract.operations if one.pagination and not one.path_parameters()), None)
    path = first.path if first is not None else "/__twin__/health"
    query = f"?{first.pagination.limit.parameter}=2" if first is not None else ""
    header = f'-H "Authorization: Bearer {token}" ' if token and contract.auth is not None else ""
    authority = f"--cacert {shlex.quote(str(twin.ca_file))} " if twin.ca_file is not None else ""
    click.echo(f"{contract.title}: {len(contract.operations)} operations at {twin.url}")
    click.echo(f"token: {token or 'none is needed'}")
    click.echo(f"try:   curl {authority}{header}{shlex.quote(twin.url + path + query)}")
    if twin.ca_file is not None:
        click.echo(f"set:   the environment variable REQUESTS_CA_BUNDLE={twin.ca_file}")
        click.echo(f"host:  {twin.host}")
    click.echo("stop:  Ctrl-C")
    sys.stdout.flush()


def checking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is checked against what."""
    options = [
        click.option("--target", default="twin", show_default=True, help="'twin', or the address of a live API."),
        click.option("--token-env", metavar="NAME", help="Environment variable that holds the live API's token."),
        click.option(
            "--other-token",
            "other_tokens",
            multiple=True,
            metavar="KIND=NAME",
            help="Variable with another token: expired, revoked, or restricted (valid, without a role). Repeatable.",
        ),
        click.option("--rate", type=float, help="Requests a second to a live API, at most; 0: no limit. [default: 20]"),
        click.option("--operation", "operations", multiple=True, metavar="ID", help="Only this one. Repeatable."),
        click.option("--law", "laws", multiple=True, metavar="NAME", help="Only this one. Repeatable."),
        click.option(
            "--path-value",
            "path_values",
            multiple=True,
            metavar="NAME=VALUE",
            help="Value for a path parameter, instead of looking for one. Repeatable.",
        ),
        click.option(
            "--query-value",
            "query_values",
            multiple=True,
            metavar="NAME=VALUE",
            help="Value for a query parameter that is required. Repeatable.",
        ),
        click.option(
            "--sandbox",
            metavar="NAME=VALUE",
            help="A path parameter and its value, such as workspace_id=12: what lies below it on a live API may be "
            "written to and deleted from. Without it a live API is only read.",
        ),
        click.option("--examples", type=int, help="Examples for each law. [default: 15 on a twin, 6 on a live API]"),
        click.option("--random-seed", default=0, show_default=True, help="Another number draws other examples."),
        click.option("--token-in-url", is_flag=True, help="Let a law try the token in an address, which servers log."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@click.argument("contract")
@checking
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the verdicts to this file.")
def check(contract: str, json_file: Path | None, **options: Any) -> None:
    """Check a target against the laws of CONTRACT: a bundled name (such as viktor) or a path.

    A live API is only read, unless a --sandbox is named that may be written to. The token comes from an environment
    variable and is in nothing that is printed or written.

    Exit code 0: no law is broken; 1: one is; 2: it could not be run, or most verdicts stayed open.
    """
    from apitwin.testkit.reports.failure_report import failure_report
    from apitwin.testkit.reports.json_report import document
    from apitwin.testkit.reports.matrix import matrix
    from apitwin.testkit.server.verdict import Verdict, undecided
    from apitwin.testkit.settings import Settings, plan, preflight

    with refusals():
        run = plan(Settings(contract, **options))
        if json_file is not None:
            _writable(json_file)
        for line in run.context.contract.inferred:
            click.echo(line, err=True)
        preflight(run.context)
        verdicts: list[Verdict] = []
        stopped = False
        try:
            with stopping() as run.context.stopped:
                verdicts.extend(_progress(run))
        except KeyboardInterrupt:  # what was judged until then is told all the same
            stopped = True
    by_name = {one.name: one for one in run.laws}
    click.echo(matrix(verdicts))
    for verdict in verdicts:
        if verdict.outcome == "broken":
            told = failure_report(verdict, by_name[verdict.law], run.context.contract, run.context.target)
            click.echo(f"\n{told}")
    if json_file is not None:
        report = document(verdicts, run.context.contract, run.context.target, run.context.profile.random_seed)
        json_file.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    outcomes = {one.outcome for one in verdicts}
    if "broken" in outcomes and not stopped:
        sys.exit(EXIT_BROKEN)
    if stopped:
        raise Refused(f"stopped by Ctrl-C after {len(verdicts)} of {len(run.pairs)} verdicts")
    reason = undecided(one.outcome for one in verdicts)
    if reason is not None:
        raise Refused(reason)


def _writable(path: Path) -> None:
    try:
        path.open("a").close()
    except OSError as error:
        raise Refused(f"--json {path}: cannot be written ({error.strerror})") from None


def _progress(run: Any) -> Iterator[Any]:
    """Judge everything, showing how far it is: a bar on a terminal, now and then a line elsewhere."""
    from apitwin.testkit.server.judge import judge

    start = told = time.monotonic()
    done, terminal = 0, sys.stderr.isatty()
    bar = click.progressbar(
        length=len(run.pairs), label="judging", file=sys.stderr, item_show_func=lambda one: one, hidden=not terminal
    )
    with bar:
        for law, operation in run.pairs:
            bar.update(0, f"{operation.id} {law.name}")
            verdict = judge(law, operation, run.context)
            if run.context.stopped.is_set():
                raise KeyboardInterrupt
            yield verdict
            done += 1
            bar.update(1)
            now = time.monotonic()
            if not terminal and (law is run.laws[-1] or now - told > LONGEST_SILENCE_S):
                told = now
                click.echo(f"{done}/{len(run.pairs)}  {operation.id} {law.name}  {now - start:.1f} s", err=True)


@main.command()
@click.argument("names", nargs=-1)
def laws(names: tuple[str, ...]) -> None:
    """List the laws with their claims; with NAMES only those."""
    from apitwin.testkit.server.laws import registered
    from apitwin.testkit.settings import named

    with refusals():
        chosen = named(names, {one.name: one for one in registered()}, "law", "law")
    topic = ""
    for one in chosen:
        if one.topic != topic:
            topic = one.topic
            click.echo(click.style(topic, bold=True))
        click.echo(f"  {one.name}\n      {one.claim}")
    if not names:
        click.echo(f"{len(chosen)} laws. Bundled contracts: {', '.join(bundled())}.")


@main.command()
def faults() -> None:
    """List the faults that a twin can be given, and the words that each takes.

    They are switched on with `apitwin serve --fault`, with the fixture's `twin.fault`, in a world file, or while a twin
    runs with POST /__twin__/faults.
    """
    from apitwin.testkit.transport.twins import FAULT_TYPES, WHEN

    for one in FAULT_TYPES.values():
        click.echo(click.style(one.name, bold=True))
        click.echo(f"      {one.does}")
        for name, option in one.options.items():
            click.echo(f"      {name}: {option.about} [{option.default}]")
    click.echo(click.style("\nWith any of them:", bold=True))
    for name, option in WHEN.items():
        click.echo(f"      {name}: {option.about} [{option.default}]")


@main.command("check-client")
@click.argument("command")
@click.option("--contract", default=DEFAULT, show_default=True, help="Bundled name, or path of an OpenAPI document.")
@click.option("--operation", metavar="ID", help="The list that the client reads. [default: the one it asks for]")
@click.option("--world", type=click.Path(path_type=Path), help="YAML file with the world to copy items from.")
@click.option("--law", "laws", multiple=True, metavar="NAME", help="Only this one. Repeatable.")
@click.option("--without", multiple=True, metavar="NAME", help="All laws but this one. Repeatable.")
@click.option("--harsh", is_flag=True, help="Ask also what a server may do and seldom does.")
@click.option("--examples", default=12, show_default=True, type=click.IntRange(1), help="Scenarios for each law.")
@click.option("--random-seed", default=0, show_default=True, help="Another number draws other scenarios.")
@click.option("--seconds", default=30.0, show_default=True, help="How long one run of the client may take.")
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
    line. Where it cannot, it has to end with an exit code other than 0.

    Exit code 0: it obeys every law; 1: it breaks one; 2: it could not be judged.
    """
    from apitwin.testkit.clients.client import CommandClient
    from apitwin.testkit.clients.judge import Report, verdicts_of
    from apitwin.testkit.clients.settings import PAGE_MAXIMUMS, Settings

    seconds = options["seconds"]
    with refusals():
        settings = Settings(
            contract=contract,
            operation=options["operation"],
            world=None if world is None else str(world),
            laws=options["laws"],
            without=options["without"],
            harsh=options["harsh"],
            examples=options["examples"],
            random_seed=options["random_seed"],
            seconds=seconds,
            page_maximums=tuple(sorted(options["page_maximums"])) or PAGE_MAXIMUMS,
            command=command,
        )
        found = []
        try:
            with stopping() as stopped:
                for verdict, operation in verdicts_of(CommandClient(command, seconds), settings):
                    if stopped.is_set():
                        raise KeyboardInterrupt
                    found.append((verdict, operation))
                    click.echo(f"{verdict.outcome:<7} {verdict.law.name}  {verdict.scenarios} scenarios", err=True)
        except KeyboardInterrupt:
            raise Refused(f"stopped by Ctrl-C after {len(found)} verdicts") from None
    report = Report(command, found[0][1], tuple(verdict for verdict, _ in found))
    click.echo(str(report))
    for verdict in report.broken:
        click.echo(f"\n{verdict.failure_report}")
    if report.only_harsh:
        click.echo("\nOnly what servers seldom do is too much for it.")
    if report.broken:
        sys.exit(EXIT_BROKEN)


if __name__ == "__main__":
    main()
