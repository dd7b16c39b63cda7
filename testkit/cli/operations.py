"""`apitwin operations`: what a document says or looks like, operation by operation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from apitwin.testkit.cli.exit_codes import epilog
from apitwin.testkit.cli.output import say
from apitwin.testkit.cli.refusal import refusals


@click.command(epilog=epilog("operations"))
@click.argument("contract")
@click.option("--root", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the document's other files lie.")
@click.option(
    "--overlay",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An OpenAPI Overlay to lay over the contract first, such as `apitwin contract infer` writes.",
)
@click.option("--reasons", is_flag=True, help="Say of each thing that is inferred why, and how certain it is.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document instead.")
def operations(contract: str, root: Path | None, overlay: Path | None, reasons: bool, as_json: bool) -> None:
    """List the operations of CONTRACT: what each is, how it is paginated, filtered, sorted, and what is not known.

    What the document does not say is inferred from it; a ? marks what is not certain.
    """
    from apitwin.contracts import load
    from apitwin.testkit.reports import operations as report

    with refusals():
        loaded = load(contract, root, overlay)
    if as_json:
        say(json.dumps(report.document(loaded), indent=2, ensure_ascii=False))
        return
    say(loaded.title)
    for line in report.lines(loaded, reasons):
        say(line)
