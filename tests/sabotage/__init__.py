"""Broken servers: the twin with one thing wrong in it, and the law that must notice. `python -m tests.sabotage`."""
