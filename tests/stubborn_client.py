"""A client that ignores every polite signal, has a child that does the same, and never ends.

Both hold a connection to the port in STUBBORN_PORT; it breaks when the last of them is gone.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

CHILD = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"

if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    connection = socket.create_connection(("127.0.0.1", int(os.environ["STUBBORN_PORT"])))
    child = subprocess.Popen([sys.executable, "-c", CHILD], pass_fds=[connection.fileno()])
    connection.sendall(b"ready")
    time.sleep(600)
