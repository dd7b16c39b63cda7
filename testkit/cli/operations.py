"""`apitwin operations`: what a document says or looks like, operation by operation."""

from __future__ import annotations

import json

import click

from apitwin.testkit.cli.document_options import OVERLAY, ROOT
from apitwin.testkit.cli.exit_codes import epilog
from apitwin.testkit.cli.output import say
from apitwin.testkit.cli.refusal import refusals


@click.command(epilog=epilog("operations"))
@click.argument("contract")
@ROOT
@OVERLAY
@click.option("--reasons", is_flag=True, help="Say of each thing that is inferred why, and how certain it is.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document instead.")
def operations(contract: str, root: str | None, overlay: str | None, reasons: bool, as_json: bool) -> None:
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
