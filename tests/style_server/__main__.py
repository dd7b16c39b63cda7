"""`python -m tests.style_server`: prints its address and tokens, then serves."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict

import django
from django.core.wsgi import get_wsgi_application

from tests.serving import serve_until_stopped


def read_arguments(names: Sequence[str]) -> argparse.Namespace:
    """The command line; `names` are the known faults."""
    parser = argparse.ArgumentParser(prog="tests.style_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--sabotage", choices=names, action="append", default=[], help="break one thing")
    return parser.parse_args()


def main() -> None:
    """Starts the server and stays until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.style_server.settings"
    django.setup()
    from . import access, data, sabotage  # these need Django to be set up

    arguments = read_arguments(tuple(sabotage.SABOTAGES))
    for name in arguments.sabotage:
        sabotage.SABOTAGES[name]()
    data.create_tables()
    data.fill()
    serve_until_stopped(
        get_wsgi_application(),
        lambda url: json.dumps({"url": url, **asdict(access.TOKENS)}),
        arguments.port,
    )


if __name__ == "__main__":
    main()
