"""Baskets, orders, visits and invoices: from "I want this" to "it happened, and was paid for".

One order is with one provider and has one hold. Every penny of the hold belongs to a visit that is
not settled yet: a finished order holds nothing. An order's row is locked before its money is.
What a supporter suggests holds nothing until the circle's one or two yeses are there; whoever
suggested it, or earns from it, says none of them, and every no is kept.
Each week of a standing order is such an order with its own hold, made four weeks ahead, once: a
standing order's row is locked before its orders are.
"""
