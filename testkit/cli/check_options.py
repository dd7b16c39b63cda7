"""The options that say what is checked against what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from apitwin.testkit.cli.document_options import READING

OPTIONS = (
    click.option("--target", default="twin", show_default=True, help="'twin', or the address of a live API."),
    *READING,
    click.option(
        "--extension",
        metavar="MODULE:NAME",
        help="A twin's own behaviour, imported from here, or an installed one by its name, instead of the contract's.",
    ),
    click.option(
        "--token-env",
        metavar="NAME",
        help="Environment variable that holds the live API's token or key. [default: APITWIN_TOKEN]",
    ),
    click.option(
        "--other-token",
        "other_tokens",
        multiple=True,
        metavar="KIND=NAME",
        help="Variable with another token or key (or username:password): expired, revoked, or restricted (valid, "
        "without a role). Repeatable.",
    ),
    click.option(
        "--rate",
        type=float,
        metavar="N",
        help="Requests a second to a live API, at most; 0: no limit. [default: 20]",
    ),
    click.option(
        "--deadline",
        type=float,
        metavar="SECONDS",
        help="How long the run may take; what is not judged by then is inconclusive. [default: none on a twin, "
        "3600 on a live API]",
    ),
    click.option("--debug", is_flag=True, help="Show the traceback of what apitwin itself failed at, without secrets."),
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
        "--header",
        "headers",
        multiple=True,
        metavar="NAME=VALUE",
        help="A header or a cookie for every request to a live API. NAME=$VARIABLE takes the value from the "
        "environment, and it is never shown. Repeatable.",
    ),
    click.option(
        "--sandbox",
        metavar="NAME=VALUE",
        help="A path parameter and its value, such as workspace_id=12: what lies below it on a live API may be "
        "written to and deleted from. Without it a live API is only read.",
    ),
    click.option(
        "--examples", type=int, metavar="N", help="Examples for each law. [default: 15 on a twin, 6 on a live API]"
    ),
    click.option(
        "--random-seed", default=0, show_default=True, metavar="N", help="Another number draws other examples."
    ),
    click.option("--token-in-url", is_flag=True, help="Let a law try the token in an address, which servers log."),
)
"""What is checked against what, in the order of the help."""


def checking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is checked against what."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
