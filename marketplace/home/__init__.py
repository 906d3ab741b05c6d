"""Pages that belong to no one feature: the fronts, the statements, and what operators ask."""
