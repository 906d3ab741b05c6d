"""Funding lines, who holds them, instalments, spending limits: may this be bought, and from what?

A person's money is their funding lines, used in a stated sequence. A hold takes from them, a
capture pays from the hold, a release or refund goes back to the lines it came from, in the shares
it came in. Locks: order → hold → accounts (by id) → limit counters → audit head.
"""
