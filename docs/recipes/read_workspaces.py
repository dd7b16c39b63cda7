"""The smallest client there is, for the jobs beside it: reads VIKTOR_URL and VIKTOR_TOKEN, prints how much there is."""

import os

import requests

base, token = os.environ["VIKTOR_URL"], os.environ["VIKTOR_TOKEN"]
answer = requests.get(
    f"{base}/api/workspaces/", params={"limit": 1}, headers={"Authorization": f"Bearer {token}"}, timeout=20
)
answer.raise_for_status()
print(answer.json()["count"], "workspaces")
