"""`python -m tests.style_server`: prints its address and tokens, then serves."""

import argparse
import json
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import asdict
from types import FrameType

import django
from cheroot import wsgi
from django.core.wsgi import get_wsgi_application


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
    server = wsgi.Server(("127.0.0.1", arguments.port), get_wsgi_application(), numthreads=4)
    server.expiration_interval = 0.05  # how often it looks whether it shall stop
    server.prepare()

    def stop(number: int, frame: FrameType | None) -> None:
        """Ends the process on a signal. Nothing is raised: Python drops what is raised while a connection is freed."""
        threading.Thread(target=server.stop).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    url = f"http://127.0.0.1:{server.bind_addr[1]}"
    print(json.dumps({"url": url, **asdict(access.TOKENS)}), flush=True)
    try:
        server.serve()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
