"""The twin of a document that nobody wrote a world for: its things, their values, and what else it answers."""
