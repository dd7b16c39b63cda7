"""The pytest plugin: options, fixtures and laws as test items."""
