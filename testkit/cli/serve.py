"""`apitwin serve`: a twin on a port until it is stopped."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import click

from apitwin.testkit.cli.document_options import reading
from apitwin.testkit.cli.exit_codes import epilog
from apitwin.testkit.cli.modules import modules_from_here
from apitwin.testkit.cli.refusal import Refused, refusals
from apitwin.testkit.cli.stopping import STOPPING

MOST_NAMED = 5
"""Operations that are named where a line speaks of several."""


@click.command(epilog=epilog("serve"))
@click.argument("contract")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option(
    "--world", type=click.Path(path_type=Path), metavar="FILE", help="YAML file with the world to start with."
)
@reading
@click.option(
    "--extension",
    metavar="MODULE:NAME",
    help="The API's own behaviour, imported from here, or an installed one by its name, instead of the contract's.",
)
@click.option(
    "--page-maximum", type=int, metavar="N", help="Cut every page to N items, instead of the contract's maximum."
)
@click.option(
    "--items",
    type=click.IntRange(min=0),
    metavar="N",
    help="Of a world that nobody wrote: so many things in each list. [default: enough for a few pages]",
)
@click.option(
    "--random-seed",
    type=int,
    default=0,
    show_default=True,
    metavar="N",
    help="Of a world that nobody wrote: the number that all of it follows from.",
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
@click.option(
    "--control-token",
    metavar="VARIABLE",
    help="Environment variable with the token that opens /__twin__/ to other machines: as Authorization: Bearer. "
    "[default: only this machine may use it]",
)
def serve(
    contract: str,
    host: str,
    root: str | None,
    strict: bool | None,
    refs_from: tuple[str, ...],
    overlay: str | None,
    page_maximum: int | None,
    ca_file: Path | None,
    control_token: str | None,
    **options: Any,
) -> None:
    """Serve a twin of CONTRACT: a bundled name (such as viktor), or the path or the address of an OpenAPI document.

    A CONTRACT of - is the document on standard input.

    Where nobody wrote a world for it, its lists are full of things that look as their schemas and names say, always the
    same for the same --random-seed.

    Prints the address, a token that works, and a curl line to try it with. Stop it with Ctrl-C or
    SIGTERM; its exit code is 0 then. Under /__twin__/ the twin answers for itself: GET health, journal, clock and
    faults, POST reset, clock and faults. That is for programs on this machine; on another --host than this one it is
    refused to everybody, unless --control-token is given.

    With --tls it also prints the environment variable with which Python's requests, and all that is built on it,
    trusts this twin (and no other server, so nothing real can be reached by mistake), and the host to give to a
    client that puts https:// before it by itself: the environment of VIKTOR's SDK.
    """
    from apitwin.contracts import load
    from apitwin.contracts.collecting import collector_put_off
    from apitwin.mock_server import Twin, TwinError

    if ca_file is not None and not options["tls"]:
        raise Refused(f"--ca-file {ca_file}: there is a certificate only with --tls")
    if page_maximum is not None and page_maximum < 1:
        raise Refused(f"--page-maximum {page_maximum}: expected 1 or more")
    opens = _token_of(control_token)
    with refusals(), modules_from_here():
        try:
            with collector_put_off(is_kept=True):
                twin = Twin(
                    load(contract, root, overlay, strict=strict, refs_from=refs_from),
                    page_maximum=page_maximum,
                    ca_file=ca_file,
                    host=host,
                    control_token=opens,
                    **options,
                )
            with STOPPING.orderly(lambda: _remove_authority(twin, ca_file)), twin:
                _introduce(twin, _exposed(twin.running, host, control_token))
                threading.Thread(target=_stop_when_asked, args=(twin.running,), daemon=True).start()
                twin.running.wait()
                if not STOPPING.asked.is_set():
                    raise Refused("the server ended by itself, which it never should; please report this")
        except TwinError as error:
            raise Refused(str(error)) from None


def _stop_when_asked(running: Any) -> None:
    """Stop the server as soon as the process is asked to; the main thread, which waits for it, then goes on."""
    STOPPING.asked.wait()
    running.stop()


def _remove_authority(twin: Any, chosen: Path | None) -> str:
    """Remove the temporary folder with the certificate, where the twin has not come to it. Nothing more to say."""
    if twin.ca_file is not None and chosen is None:
        shutil.rmtree(twin.ca_file.parent, ignore_errors=True)
    return ""


def _token_of(variable: str | None) -> str | None:
    """Return the token for the control plane. Raises Refused where the variable holds none."""
    if variable is None:
        return None
    text = os.environ.get(variable, "")
    if not text.isascii() or not text.isprintable() or not text.strip() or text != text.strip():
        found = "is not set" if not text else "holds blanks or characters that a header cannot carry"
        raise Refused(f"--control-token {variable}: the environment variable {found}; expected one that holds a token")
    return text


def _exposed(running: Any, host: str, variable: str | None) -> tuple[str, ...]:
    """Return, in lines, what a twin opens to whom, where that is more than this machine."""
    control = (
        f"to whoever shows the token in {variable}" if variable is not None else "refused to all (--control-token)"
    )
    if running.is_local:
        return () if variable is None else (f"open:  /__twin__/ {control}",)
    everybody = (
        f"open:  the whole API to every machine that reaches {host} port {running.port}; its tokens are no secrets"
    )
    return everybody, f"       /__twin__/ {control}"


def _introduce(twin: Any, exposed: tuple[str, ...]) -> None:
    """Say what it takes to use a running twin. exposed: what it opens to whom, in lines."""
    from apitwin.testkit.transport.twins import everyday, keyring

    contract, keys = twin.contract, keyring(twin.contract, twin.world)
    opening = twin.opening
    rule = None if opening is None else opening.operation.pagination
    path = opening.path if opening is not None else "/__twin__/health"
    security = everyday(contract) if opening is None else opening.operation.security
    credential = keys.credential(security)
    words = [] if rule is None or rule.limit.parameter is None else [f"{rule.limit.parameter}=2"]
    words += [f"{part.name}={keys.text(part)}" for part in credential.parts_in("query")]
    query = f"?{'&'.join(words)}" if words else ""
    header = "".join(f"{_option(part, keys)} " for part in credential.parts if part.place != "query")
    authority = f"--cacert {shlex.quote(str(twin.ca_file))} " if twin.ca_file is not None else ""
    click.echo(f"{contract.title}: {len(contract.operations)} operations at {twin.url}")
    for line in (*contract.inferred, *_undescribed(twin.undescribed)):
        click.echo(line, err=True)
    for line in contract.set_aside.lines():
        click.echo(line, err=True)
    click.echo(f"token: {twin.token if credential.parts else 'none is needed'}")
    click.echo(f"try:   curl {authority}{header}{shlex.quote(twin.url + path + query)}")
    if twin.ca_file is not None:
        click.echo(f"set:   the environment variable REQUESTS_CA_BUNDLE={twin.ca_file}")
        click.echo(f"host:  {twin.host}")
    for line in exposed:
        click.echo(line)
    click.echo("stop:  Ctrl-C")
    sys.stdout.flush()


def _undescribed(operations: tuple[str, ...]) -> list[str]:
    """Return a line for the operations that answer 501, none where there are none."""
    if not operations:
        return []
    from apitwin.contracts.errors import bounded_line

    named = ", ".join(operations[:MOST_NAMED]) + (", ..." if len(operations) > MOST_NAMED else "")
    are = "1 operation answers" if len(operations) == 1 else f"{len(operations)} operations answer"
    return [bounded_line(f"{are} 501, for no response of theirs describes a success: {named}")]


def _option(part: Any, keys: Any) -> str:
    """Return the option of curl that shows a twin's own credential, which is no secret."""
    text = keys.text(part)
    return f'--cookie "{part.name}={text}"' if part.place == "cookie" else f'-H "{part.name}: {text}"'
