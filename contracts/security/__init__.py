"""How a request proves who sends it: the security schemes of OpenAPI that are understood, a file each."""
