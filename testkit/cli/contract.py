"""`apitwin contract`: what helps to write a contract."""

from __future__ import annotations

from pathlib import Path

import click

from apitwin.testkit.cli.document_options import ROOT
from apitwin.testkit.cli.exit_codes import epilog
from apitwin.testkit.cli.refusal import Refused, refusals


@click.group()
def contract() -> None:
    """Help with writing a contract."""


@contract.command(epilog=epilog("contract infer"))
@click.argument("document")
@ROOT
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the overlay to this file. [default: standard output]",
)
def infer(document: str, root: str | None, output: Path | None) -> None:
    """Write what DOCUMENT looks like as an overlay: its lists, their pages, filters, parents, things.

    Every fact has `status: inferred`, how certain it is, and why. Read it, correct it, and keep it beside the document:
    --overlay of serve, check, check-client and pytest takes it. Only what is certain is ever judged; take away the
    evidence of a fact, or write another status, once you know it.
    """
    from apitwin.contracts.inference.overlay import written

    with refusals():
        text = written(document, root)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"--output {output}: cannot be written: {error.strerror}") from None
