"""How a request becomes an answer, by the facts of a contract."""
