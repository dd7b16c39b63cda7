"""Values by their schema: such as the names of members say, and always the same for the same number."""
