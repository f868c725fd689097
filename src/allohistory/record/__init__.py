"""What happened: the tables the project compiles, their names, and how they are checked."""
