"""Parameters from the record: penalised likelihood, Laplace draws, readable coefficients."""
