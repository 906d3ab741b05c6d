"""Letters and other calls to the outside, written in the deed's own transaction.

``flask worker`` sends them afterwards, each in a transaction of its own, at least once.
"""
