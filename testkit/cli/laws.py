"""`apitwin laws`: what is checked."""

from __future__ import annotations

import click

from apitwin.contracts import bundled
from apitwin.testkit.cli.exit_codes import epilog
from apitwin.testkit.cli.refusal import refusals


@click.command(epilog=epilog("laws and faults"))
@click.argument("names", nargs=-1)
def laws(names: tuple[str, ...]) -> None:
    """List the laws with their claims; with NAMES only those."""
    from apitwin.testkit.server.laws import registered
    from apitwin.testkit.settings import named

    with refusals():
        chosen = named(names, {law.name: law for law in registered()}, "law", "law")
    topic = ""
    for law in chosen:
        if law.topic != topic:
            topic = law.topic
            click.echo(click.style(topic, bold=True))
        click.echo(f"  {law.name}\n      {law.claim}")
    if not names:
        click.echo(f"{len(chosen)} laws. Bundled contracts: {', '.join(bundled())}.")
