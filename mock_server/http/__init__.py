"""The twin on the wire: Flask, the control plane, sockets and TLS."""
