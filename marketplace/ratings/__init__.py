"""What people say of the support they received.

Only somebody whose order was delivered and confirmed rates it, once, and may change it. One star is
published like five. Hiding needs a rule and a reason, which the author reads. Money buys nothing.
"""
