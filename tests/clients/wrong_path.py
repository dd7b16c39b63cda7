"""A client with a wrong address, for a message that tells it so."""

import os

import requests

requests.get(f"{os.environ['APITWIN_URL']}/api/workspace/", timeout=10)
