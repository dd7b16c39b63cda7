"""A client with a wrong address, for a message that tells it so."""

import os
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

with suppress(HTTPError):
    urlopen(f"{os.environ['APITWIN_URL']}/api/workspace/", timeout=10)
