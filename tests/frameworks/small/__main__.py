"""`python -m tests.frameworks.small NAME`: prints its address and token, then serves."""

import argparse
import importlib

from tests.frameworks.serving import serve_until_stopped

NAMES = ("clinic", "depot", "jobs", "songs", "weather")


def main() -> None:
    """Starts the server and stays until stopped."""
    parser = argparse.ArgumentParser(prog="tests.frameworks.small")
    parser.add_argument("name", choices=NAMES)
    app = importlib.import_module(f"tests.frameworks.small.{parser.parse_args().name}")
    serve_until_stopped(app.app, token=app.TOKEN, document=app.DOCUMENT)


if __name__ == "__main__":
    main()
