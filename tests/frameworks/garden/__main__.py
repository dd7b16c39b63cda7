"""`python -m tests.frameworks.garden --api NAME`: prints its address and token, then serves."""

import argparse
import json
import os

import django
from django.core.wsgi import get_wsgi_application

from tests.serving import serve_until_stopped

APIS = {
    "drf": {"document": "/schema/?format=json"},
    "drf-3.0": {"document": "/schema/?format=json"},
    "ninja": {"document": "/ninja/openapi.json"},
}
"""What a stranger would name of each: the address of its document."""


def main() -> None:
    """Starts the server and stays until stopped."""
    parser = argparse.ArgumentParser(prog="tests.frameworks.garden")
    parser.add_argument("--api", choices=APIS, required=True)
    api = parser.parse_args().api
    os.environ["GARDEN_OPENAPI"] = "3.0.3" if api == "drf-3.0" else "3.1.0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.frameworks.garden.settings"
    django.setup()
    from . import models  # these need Django to be set up

    models.fill()
    token = models.TOKEN if api == "ninja" else f"Token {models.TOKEN}"
    said = {"token": token, **APIS[api]}
    serve_until_stopped(get_wsgi_application(), lambda url: json.dumps({"url": url, **said}))


if __name__ == "__main__":
    main()
