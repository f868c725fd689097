"""From the published tables to a record of the whole world, with the tables of the core record."""
