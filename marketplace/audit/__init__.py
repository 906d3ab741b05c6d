"""Who did what, for whom, and when.

Rows are added in the deed's own transaction, are never changed, and are hash-chained: one chain
for each person and each organisation, so that a removed or altered row can be found.
"""
