"""The versions of OpenAPI that are read, each in a file of its own, and each turned into OpenAPI 3.1."""
