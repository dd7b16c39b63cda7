"""`python -m apitwin` is the command `apitwin`."""

from __future__ import annotations

from apitwin.testkit.cli import main

if __name__ == "__main__":
    main()
