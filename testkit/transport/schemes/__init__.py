"""How each kind of security scheme is satisfied, and the ways to get it wrong: a file each."""
