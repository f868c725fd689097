"""What a discussion claims, row by row: data, computation, verdict."""
