"""What a document does not declare, guessed from its shapes and relations: a file for each question.

A guess is a value with its reason and its certainty. What is not certain is used for asking and never for judging; what
cannot be seen in the document stays `unspecified`.
"""
