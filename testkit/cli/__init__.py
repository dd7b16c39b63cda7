"""The command `apitwin`: serve a twin, check a target or a client, list the laws and the faults.

This file loads nothing heavy, so that a command can be stopped from its first moment on.
"""

from __future__ import annotations

import sys
import traceback
from typing import NoReturn

from apitwin.testkit.cli.exit_codes import EXIT_COULD_NOT_RUN
from apitwin.testkit.cli.stopping import STOPPED, STOPPED_SERVING, STOPPING


def main() -> NoReturn:
    """Run the command that the command line names, and end the process with its exit code."""
    STOPPING.install(STOPPED_SERVING if sys.argv[1:2] == ["serve"] else STOPPED)
    code = EXIT_COULD_NOT_RUN
    try:
        from apitwin.testkit.cli.commands import apitwin

        apitwin(prog_name="apitwin")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # a defect of apitwin: 1, which is Python's code for it, would accuse the target
        traceback.print_exc()
    STOPPING.end(code)


if __name__ == "__main__":
    main()
