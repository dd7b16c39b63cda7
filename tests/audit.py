"""Whether a library that is installed here has a known weakness: `python -m tests.audit`, a part of `make check`.

`pip-audit` asks PyPI. Where that cannot be reached, or knows none of the libraries, it is said, and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys

LONGEST_S = 120.0
IGNORED: dict[str, str] = {}
"""Weaknesses that do not concern this project, by identity, and why."""


def main() -> int:
    """Ask, and return the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--skip-editable"]
    command += [word for identity in IGNORED for word in ("--ignore-vuln", identity)]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        libraries = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("audit: the database of known weaknesses cannot be reached; nothing was audited")
        return 0
    audited = [library for library in libraries if "vulns" in library]
    if not audited:
        print(f"audit: the database knows none of the {len(libraries)} libraries; nothing was audited")
        return 0
    weak = [(library, known) for library in audited for known in library["vulns"]]
    for library, known in weak:
        print(f"audit: {library['name']} {library['version']}: {known['id']}, mended in {known['fix_versions']}")
    print(f"audit: {len(audited)} libraries, {len(weak)} known weaknesses")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
