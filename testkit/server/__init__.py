"""Judging a server: laws, the probe they hold, and the verdicts."""
