"""`apitwin faults`: what can be made to go wrong."""

from __future__ import annotations

import click

from apitwin.testkit.cli.exit_codes import epilog


@click.command(epilog=epilog("laws and faults"))
def faults() -> None:
    """List the faults that a twin can be given, and the words that each takes.

    They are switched on with `apitwin serve --fault`, with the fixture's `twin.fault`, in a world file, or while a twin
    runs with POST /__twin__/faults.
    """
    from apitwin.testkit.transport.twins import FAULT_TYPES, WHEN

    for fault_type in FAULT_TYPES.values():
        click.echo(click.style(fault_type.name, bold=True))
        click.echo(f"      {fault_type.does}")
        for name, option in fault_type.options.items():
            click.echo(f"      {name}: {option.about} [{option.default}]")
    click.echo(click.style("\nWith any of them:", bold=True))
    for name, option in WHEN.items():
        click.echo(f"      {name}: {option.about} [{option.default}]")
