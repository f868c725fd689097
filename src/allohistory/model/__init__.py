"""How one year follows from another: processes, covariates, parameters, settlement."""
