"""A client of the kind that many wrote: it asks for a hundred and adds a hundred. Run it with a twin's address.

It uses the standard library alone, because a check runs it a hundred times and loading requests would be most of that.
"""

import json
import os
from urllib.request import Request, urlopen

base, token = os.environ["APITWIN_URL"], os.environ["APITWIN_TOKEN"]
offset, count = 0, 1
while offset < count:
    address = f"{base}/api/workspaces/1/entities/?limit=100&offset={offset}"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {token}"}), timeout=20) as answer:
        page = json.load(answer)
    count = page["count"]
    for entity in page["results"]:
        print(entity["id"])
    offset += 100
