"""What a twin holds: records, stored files, tokens and the time."""
