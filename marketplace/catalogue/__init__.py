"""Providers, their stores and offers, what they cost, and what councils have checked.

An agreed price is shown to nobody but the people its council funds, that council's staff and the
provider itself; nothing of it ever enters the search index.
"""
