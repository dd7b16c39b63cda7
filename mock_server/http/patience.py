"""How long a client is waited for, in seconds, and how much of it there may be."""

from __future__ import annotations

SILENCE_S = 30.0
"""How long a connection may say nothing between two requests, and before the first."""
HEAD_S = 10.0
"""How long a head may take from its first byte, and a handshake."""
BODY_S = 30.0
"""How long a body may take, and a second more for each MiB of it that came."""
SENDING_S = 10.0
"""How long a client may read nothing of an answer that is more than the system keeps for it; then it is cut."""
LEAVING_S = 1.0
"""How long a connection is still read after it was refused: closing at once would take the answer away."""
ARRIVING_S = 1.0
"""How long a connection may take to say its first word before it makes room for another one."""
LOOKING_S = 0.1
"""How often it is looked who has run out of time."""
GRACE_S = 0.25
"""How long an answer that is under way may still take when the server stops; then its connection is cut."""
MOST_CONNECTIONS = 500
"""With more, the one whose time ends next is closed, of those that never asked anything first."""
BACKLOG = 128
"""Connections that the system keeps until they are accepted; those of a burst beyond that try again after 1 s."""
PIECE = 65_536
"""Bytes that are read of a connection before another has its turn."""
