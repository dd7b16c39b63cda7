"""What a twin does wrong on purpose, and when."""
