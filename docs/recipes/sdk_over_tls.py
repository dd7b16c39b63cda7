"""VIKTOR's official SDK on a twin, unmodified: `pip install viktor` beside apitwin, then run this file.

It is not run by apitwin's own tests, because the SDK's licence does not allow it to be a dependency of theirs.
"""

import os
import subprocess
import sys

from apitwin import Twin

READ = """
import os, viktor
api = viktor.api_v1.API(environment=os.environ["TWIN_HOST"], token=os.environ["TWIN_TOKEN"])
print(len([entity.name for entity in api.get_workspace(1).get_root_entities()]), "entities")
"""

with Twin("viktor", tls=True) as twin:
    # In a process of its own: the SDK reads the variable when it is imported, and remembers answers for ever.
    environment = {"REQUESTS_CA_BUNDLE": str(twin.ca_file), "TWIN_HOST": twin.host, "TWIN_TOKEN": twin.token}
    sys.exit(subprocess.run([sys.executable, "-c", READ], env={**os.environ, **environment}).returncode)
