"""Reading what is published, and where entries of other catalogues come from."""
