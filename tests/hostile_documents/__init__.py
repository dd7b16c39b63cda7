"""Documents and worlds that a stranger wrote to hang, to read or to fill the machine of who loads them."""
