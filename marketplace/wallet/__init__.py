"""The ledger: accounts, transfers, entries, and a counter beside each account that matters.

This room alone writes its tables. Entries of a transfer add up to nothing; nothing is ever changed
or deleted; a transfer's key moves money once. An account that may not go below nothing never does.

Locks are taken in one order everywhere: order → hold → line → accounts (by id) → transfer key →
audit head. A deed that moves money between several accounts locks all of them first.
"""
