"""A client of the kind that many wrote: it asks for a hundred and adds a hundred. Run it with a twin's address."""

import os

import requests

base, token = os.environ["APITWIN_URL"], os.environ["APITWIN_TOKEN"]
offset, count = 0, 1
while offset < count:
    answer = requests.get(
        f"{base}/api/workspaces/1/entities/",
        params={"limit": 100, "offset": offset},
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    answer.raise_for_status()
    page = answer.json()
    count = page["count"]
    for entity in page["results"]:
        print(entity["id"])
    offset += 100
