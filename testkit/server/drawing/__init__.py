"""What the laws draw: windows, queries and bodies."""
