"""The pytest plugin: `pytest --contract viktor --target twin` makes one test item of each law on each operation.

It is loaded by every pytest run of whoever installs apitwin, so it imports nothing but pytest until an option or a
fixture of it is used; what it does then is in `testkit.items`. The fixtures are in `testkit.fixtures`.
"""

from __future__ import annotations

import pytest

pytest_plugins = ["testkit.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, the same as those of `apitwin check`."""
    group = parser.getgroup("apitwin", "apitwin: the laws of a paginated REST API")
    group.addoption(
        "--contract",
        metavar="NAME",
        help="Collect the laws of this contract: a bundled name (viktor) or the path of an OpenAPI document. "
        "Without paths on the command line, only the laws are run.",
    )
    group.addoption("--target", default="twin", help="'twin' (default), or the address of a live API.")
    group.addoption("--token-env", metavar="NAME", help="Environment variable that holds the live API's token.")
    group.addoption(
        "--other-token",
        action="append",
        default=[],
        metavar="KIND=NAME",
        help="Variable with another token: expired, revoked, or restricted.",
    )
    group.addoption("--rate", type=float, help="Requests a second to a live API, at most (default 20; 0: no limit).")
    group.addoption("--operation", action="append", default=[], metavar="ID", help="Only this operation.")
    group.addoption("--law", action="append", default=[], metavar="NAME", help="Only this law.")
    group.addoption(
        "--path-value", action="append", default=[], metavar="NAME=VALUE", help="Value for a path parameter."
    )
    group.addoption(
        "--query-value",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="Value for a query parameter that is required.",
    )
    group.addoption(
        "--sandbox", metavar="NAME=VALUE", help="What a live API may be written below, such as workspace_id=12."
    )
    group.addoption("--examples", type=int, help="Examples for each law (default 15 on a twin, 6 on a live API).")
    group.addoption("--law-seed", type=int, default=0, help="Another number draws other examples (default 0).")
    group.addoption("--token-in-url", action="store_true", help="Let a law try the token in an address.")


def pytest_configure(config: pytest.Config) -> None:
    """Where laws are asked for, count what they come to; leave the project's own tests alone if no path is named."""
    if not config.getoption("contract"):
        return
    from testkit.items import Tally

    config.pluginmanager.register(Tally(), "apitwin tally")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the laws to what was collected, before -k and -m choose."""
    if config.getoption("contract"):
        from testkit.items import collect

        items.extend(collect(session, config))


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is judged."""
    if not config.getoption("contract"):
        return None
    seed = config.getoption("law_seed")
    return f"apitwin: contract {config.getoption('contract')}, target {config.getoption('target')}, seed {seed}"
