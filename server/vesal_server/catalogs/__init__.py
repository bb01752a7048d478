"""Base information: provinces, branches, loan and deposit types, holidays, follow-up catalogues."""
