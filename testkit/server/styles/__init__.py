"""How the laws find their way through a list: a file for each style of pagination, independent of the twin's."""
