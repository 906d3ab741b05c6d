"""Lists of things people keep to look at again: offers, stores, activities and groups.

A list is a person's own, and their circle adds to it and writes notes; or it is nobody's, names
nobody, and opens to whoever has its link. A link is kept as a hash alone.
"""
