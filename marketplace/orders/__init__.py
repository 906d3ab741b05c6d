"""Baskets, orders, visits and invoices: from "I want this" to "it happened, and was paid for".

One order is with one provider and has one hold. Every penny of the hold belongs to a visit that is
not settled yet: a finished order holds nothing. An order's row is locked before its money is.
"""
