"""How a credential is read from a request: a file for each kind of security scheme."""
