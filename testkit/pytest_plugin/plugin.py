"""The pytest plugin: `pytest --apitwin-contract viktor` makes one test item of each law on each operation.

It is loaded by every pytest run of whoever installs apitwin, so it imports nothing but pytest until an option or a
fixture of it is used, and everything that it adds has `apitwin` in its name, so that nothing of a project can clash
with it. The options are in `options`, what they do in `items`, the fixtures in `fixtures`.
"""

from __future__ import annotations

import pytest

from apitwin.testkit.pytest_plugin.options import OPTIONS, PREFIX, option

pytest_plugins = ["apitwin.testkit.pytest_plugin.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("apitwin", "apitwin: the laws of a paginated REST API")
    for name, words in OPTIONS.items():
        group.addoption(f"{PREFIX}{name}", **words)


def pytest_configure(config: pytest.Config) -> None:
    """Where laws are asked for, count what they come to; leave the project's own tests alone if no path is named."""
    if not option(config, "contract"):
        return
    from apitwin.testkit.pytest_plugin.items import Tally

    config.pluginmanager.register(Tally(), "apitwin tally")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the laws to what was collected, before -k and -m choose."""
    if option(config, "contract"):
        from apitwin.testkit.pytest_plugin.items import collect

        items.extend(collect(session, config))


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say what of the document is not understood and left out; it is known when the laws have been collected."""
    if not option(config, "contract"):
        return []
    from apitwin.testkit.pytest_plugin.items import SET_ASIDE

    return config.stash.get(SET_ASIDE, [])


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is judged."""
    if not option(config, "contract"):
        return None
    contract, target, random_seed = (option(config, name) for name in ("contract", "target", "random-seed"))
    return f"apitwin: contract {contract}, target {target}, random seed {random_seed}"
