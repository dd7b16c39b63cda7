"""`apitwin check`: a target against the laws of its contract."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from apitwin.testkit.cli.check_options import checking
from apitwin.testkit.cli.exit_codes import EXIT_BROKEN, EXIT_COULD_NOT_RUN, epilog
from apitwin.testkit.cli.modules import modules_from_here
from apitwin.testkit.cli.output import guard, say
from apitwin.testkit.cli.refusal import Refused, refusals
from apitwin.testkit.cli.stopping import STOPPING, Patience

if TYPE_CHECKING:
    from apitwin.testkit.server.verdict import Verdict

LONGEST_SILENCE_S = 2.0
OWNER_ONLY = 0o600
TIDYING = Patience(30.0, "first taking away what was made in the sandbox; stop it once more to leave that there")
"""A law that writes is not interrupted: what it made in a live system is deleted first."""
PERHAPS_LEFT = "; what the last law made may be left behind, look for names with apitwin- in them"


@click.command(epilog=epilog("check"))
@click.argument("contract")
@checking
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Write the verdicts to this file."
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["skipped", "inconclusive"]),
    help="End with exit code 2 also where a law that applies was skipped, or stayed open. Repeatable.",
)
def check(contract: str, json_file: Path | None, fail_on: tuple[str, ...], debug: bool, **options: Any) -> None:
    """Check a target against the laws of CONTRACT: a bundled name (such as viktor), or a path or an address.

    A CONTRACT of - is the document on standard input.

    A live API is only read, unless a --sandbox is named that may be written to.

    Its credential comes from environment variables, and is in nothing that is printed or written: a token or an API key
    from APITWIN_TOKEN, or the variable that --token-env names; for HTTP Basic APITWIN_USERNAME and APITWIN_PASSWORD;
    where a contract requires several security schemes together, for each of them APITWIN_CREDENTIAL_ and the scheme's
    name in capital letters, such as APITWIN_CREDENTIAL_APP_KEY. For HTTP Basic that one holds username:password.
    """
    from apitwin.testkit.reports.tracebacks import show_traceback
    from apitwin.testkit.settings import Settings, plan, preflight

    with refusals(), modules_from_here():
        run = plan(Settings(contract, debug=show_traceback if debug else None, **options))
        guard(run.context.target.secrets)
        if json_file is not None:
            _writable(json_file)
        for line in run.notes:
            say(line, error=True)
        _say_set_aside(run)
        preflight(run)
        _judge_all(run, json_file, fail_on)


def _judge_all(run: Any, json_file: Path | None, fail_on: tuple[str, ...]) -> None:
    """Judge and report; what was judged before a stop is reported all the same."""
    from apitwin.testkit.server.verdict import BROKEN, undecided

    verdicts: list[Verdict] = []

    def finish() -> str:
        _report(run, tuple(verdicts), json_file)
        is_cut_short = writes and threading.current_thread() is not threading.main_thread()
        return f" after {len(verdicts)} of {len(run.pairs)} verdicts{PERHAPS_LEFT if is_cut_short else ''}"

    run.context.stopped = STOPPING.asked
    writes = bool(run.context.target.sandbox)
    with STOPPING.orderly(finish, interrupting=not writes, patience=TIDYING if writes else Patience()):
        verdicts.extend(_progress(run))
    outcomes = [verdict.outcome for verdict in verdicts]
    reason = run.context.target.budget.refused or undecided(outcomes) or _too_little(verdicts, fail_on)
    code = EXIT_BROKEN if BROKEN in outcomes else EXIT_COULD_NOT_RUN if reason is not None else 0
    STOPPING.settle(code)
    _report(run, verdicts, json_file)
    _say_set_aside(run)
    if code == EXIT_COULD_NOT_RUN:
        raise Refused(str(reason))
    if run.context.target.budget.refused is not None:
        say(f"apitwin: {reason}", error=True)
    _say_what_was_missed(verdicts)
    sys.exit(code)


def _too_little(verdicts: Sequence[Verdict], fail_on: tuple[str, ...]) -> str | None:
    """Return why a run says less than its user wants, None where it says enough."""
    for outcome in fail_on:
        number = sum(verdict.outcome == outcome and verdict.applies for verdict in verdicts)
        if number:
            return (
                f"--fail-on {outcome}: {number} verdicts are {outcome}, though their laws apply; the reasons are above"
            )
    return None


def _say_what_was_missed(verdicts: Sequence[Verdict]) -> None:
    """Say aloud that a run without a fault saw little: it would be taken for a promise."""
    from apitwin.testkit.reports.summary import unexamined

    operations, missed = {verdict.operation for verdict in verdicts}, unexamined(verdicts)
    if 2 * len(missed) > len(operations):
        say(f"{len(missed)} of {len(operations)} operations were not looked at; the reasons are above", error=True)


def _report(run: Any, verdicts: Sequence[Verdict], json_file: Path | None) -> None:
    """Print the summary, the matrix and a story for each cause, and write the report that a program reads."""
    from apitwin.testkit.reports.causes import causes
    from apitwin.testkit.reports.failure_report import failure_report
    from apitwin.testkit.reports.json_report import document
    from apitwin.testkit.reports.matrix import matrix
    from apitwin.testkit.reports.summary import summary

    context, laws = run.context, {law.name: law for law in run.laws}
    say(f"{summary(verdicts)}\n")
    say(matrix(verdicts))
    for cause in causes(verdicts):
        told = cause.first
        law = laws[told.law]
        say(f"\n{failure_report(told, law, context.contract, context.target, cause.laws[1:], cause.alike)}")
    if json_file is not None:
        report = document(list(verdicts), context.contract, context.target, context.profile.random_seed)
        json_file.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")  # ASCII: surrogates too are escapes


def _say_set_aside(run: Any) -> None:
    """Say what of the document was left out since it was last said."""
    for line in run.context.contract.set_aside.lines():
        say(line, error=True)


def _writable(path: Path) -> None:
    """Make the file if there is none, readable by its owner only: what servers answer may be nobody else's business."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
    except OSError as error:
        raise Refused(f"--json {path}: cannot be written ({error.strerror})") from None


def _progress(run: Any) -> Iterator[Any]:
    """Judge everything, showing how far it is: a bar on a terminal, now and then a line elsewhere."""
    from apitwin.contracts.printable import one_line
    from apitwin.testkit.server.judge import judge

    start = shown = time.monotonic()
    done, terminal = 0, sys.stderr.isatty()
    bar = click.progressbar(
        length=len(run.pairs),
        label="judging",
        file=sys.stderr,
        item_show_func=lambda name: name,
        hidden=not terminal,
    )
    with bar:
        for law, operation in run.pairs:
            bar.update(0, f"{one_line(operation.id)} {law.name}")
            verdict = judge(law, operation, run.context)
            if run.context.stopped.is_set():  # the verdict may have come of that
                raise KeyboardInterrupt
            yield verdict
            done += 1
            bar.update(1)
            now = time.monotonic()
            if not terminal and (law is run.laws[-1] or now - shown > LONGEST_SILENCE_S):
                shown = now
                say(f"{done}/{len(run.pairs)}  {one_line(operation.id)} {law.name}  {now - start:.1f} s", error=True)
