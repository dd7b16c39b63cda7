"""The tests: the only place that imports contracts, mock_server and testkit together."""
