"""Small contracts of every security scheme, a server of each that is not ours, and what the laws make of both."""
