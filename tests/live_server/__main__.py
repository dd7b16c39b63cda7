"""`python -m tests.live_server`: prints its address and tokens, then serves."""

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
    parser = argparse.ArgumentParser(prog="tests.live_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--sabotage", choices=names, help="break one thing on purpose")
    return parser.parse_args()


def main() -> None:
    """Starts the server and stays until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.live_server.settings"
    django.setup()
    from . import auth, data, people_data, sabotage  # these need Django to be set up

    arguments = read_arguments(tuple(sabotage.SABOTAGES))
    if arguments.sabotage:
        sabotage.SABOTAGES[arguments.sabotage]()
    data.create_tables()
    data.fill()
    people_data.fill()
    serve_until_stopped(
        get_wsgi_application(),
        lambda url: json.dumps({"url": url, **asdict(auth.TOKENS)}),
        arguments.port,
    )


if __name__ == "__main__":
    main()
