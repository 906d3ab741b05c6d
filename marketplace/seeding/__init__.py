"""Fills an empty market from ``seed/``, through the same commands as the pages.

A year is played in the order in which it would have happened, so that books balance, limits hold
and reports have shape. Everything or nothing: one transaction.
"""
