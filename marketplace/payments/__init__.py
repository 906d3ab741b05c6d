"""Paying providers: runs of payments, bank files, remittances, and how fast it went.

An invoice is in at most one run, because its id is the key of its row here. Whoever proposes a run
never is the one who approves it. Locks are taken in one order: counter → run → accounts → audit.
"""
