"""The checks: laws, a pytest plugin and a command line. Imports nothing, so that an unused plugin costs nothing."""
