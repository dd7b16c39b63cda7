"""How an API cuts its lists into pages: the rules that all styles share, and a file for each style."""
