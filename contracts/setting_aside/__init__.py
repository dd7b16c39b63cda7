"""What is set aside of a document, a file for each kind of object: rules of the walk through it."""
