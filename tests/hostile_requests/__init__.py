"""Requests that no client in its right mind sends, and a twin that survives them."""
