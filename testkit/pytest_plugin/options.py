"""The options of the pytest plugin: those of `apitwin check`, under names that no other plugin has."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import Any

import pytest

PREFIX = "--apitwin-"
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "contract": {
        "metavar": "NAME",
        "help": "Collect the laws of this contract: a bundled name (viktor) or the path of an OpenAPI document. "
        "Without paths on the command line, only the laws are run.",
    },
    "target": {"default": "twin", "help": "'twin' (default), or the address of a live API."},
    "root": {
        "metavar": "FOLDER",
        "help": "The folder that the contract's other files may lie in, instead of the contract's own.",
    },
    "strict": {
        "action": argparse.BooleanOptionalAction,
        "default": None,
        "help": "Refuse a document for every detail that is not understood, instead of leaving it out.",
    },
    "refs-from": {
        "action": "append",
        "default": [],
        "metavar": "HOST",
        "help": "Fetch from this host what the document refers to there. Repeatable.",
    },
    "overlay": {
        "metavar": "FILE",
        "help": "An OpenAPI Overlay to lay over the contract first, such as `apitwin contract infer` writes.",
    },
    "extension": {
        "metavar": "MODULE:NAME",
        "help": "A twin's own behaviour: a module and a name in it, or an installed one, instead of the contract's.",
    },
    "token-env": {
        "metavar": "NAME",
        "help": "Environment variable that holds the live API's token or key (default APITWIN_TOKEN).",
    },
    "other-token": {
        "action": "append",
        "default": [],
        "metavar": "KIND=NAME",
        "help": "Variable with another token: expired, revoked, or restricted. Repeatable.",
    },
    "rate": {"type": float, "help": "Requests a second to a live API, at most (default 20; 0: no limit)."},
    "deadline": {
        "type": float,
        "metavar": "SECONDS",
        "help": "How long the laws may take (default: no limit on a twin, 3600 on a live API).",
    },
    "debug": {"action": "store_true", "help": "Show the traceback of what apitwin itself failed at."},
    "operation": {"action": "append", "default": [], "metavar": "ID", "help": "Only this operation. Repeatable."},
    "law": {"action": "append", "default": [], "metavar": "NAME", "help": "Only this law. Repeatable."},
    "path-value": {
        "action": "append",
        "default": [],
        "metavar": "NAME=VALUE",
        "help": "Value for a path parameter. Repeatable.",
    },
    "query-value": {
        "action": "append",
        "default": [],
        "metavar": "NAME=VALUE",
        "help": "Value for a query parameter that is required. Repeatable.",
    },
    "header": {
        "action": "append",
        "default": [],
        "metavar": "NAME=VALUE",
        "help": "Header or cookie for every request to a live API; NAME=$VARIABLE takes an environment variable.",
    },
    "sandbox": {"metavar": "NAME=VALUE", "help": "What a live API may be written below, such as workspace_id=12."},
    "examples": {"type": int, "help": "Examples for each law (default 15 on a twin, 6 on a live API)."},
    "random-seed": {"type": int, "default": 0, "help": "Another number draws other examples (default 0)."},
    "token-in-url": {"action": "store_true", "help": "Let a law try the token in an address."},
}
"""The options of `apitwin check`, each with this plugin's prefix before its name."""


def option(config: pytest.Config, name: str) -> Any:
    """Return what a run was given for one of `OPTIONS`."""
    return config.getoption(f"apitwin_{name.replace('-', '_')}")


def in_words_of_pytest(text: str) -> str:
    """Return a text about options of `apitwin check` with the names that they have here."""
    return re.sub(rf"(?<![\w-])--(?=({'|'.join(OPTIONS)})\b)", PREFIX, text)
