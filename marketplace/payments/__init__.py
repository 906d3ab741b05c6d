"""Paying providers, and money that people pay in by card, by family link and by bank transfer.

An invoice is in at most one payment, because its id is the key of its row here. Whoever proposes a
run never is the one who approves it, and two officers look at each run before its money leaves. A
file for the bank is made of what is kept, and is the same each time. Money comes in only by a
signed message or a line of a statement, each kept once; what is nearly right is suggested, never
booked. Locks are taken in one order: counter or bank row → run, statement, event → payment or
line → accounts → audit.
"""
