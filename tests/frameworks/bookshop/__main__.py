"""`python -m tests.frameworks.bookshop [--defect NAME]`: prints its address and token, then serves."""

import argparse

from tests.frameworks.serving import serve_until_stopped

from . import access, app
from .defects import DEFECTS


def main() -> None:
    """Starts the server and stays until stopped."""
    parser = argparse.ArgumentParser(prog="tests.frameworks.bookshop")
    parser.add_argument("--defect", choices=DEFECTS, help="break one thing")
    defect = parser.parse_args().defect
    if defect is not None:
        DEFECTS[defect]()
    serve_until_stopped(app.application(), token=access.TOKEN, document="/openapi.json")


if __name__ == "__main__":
    main()
