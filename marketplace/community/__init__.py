"""Groups and what they run: activities, clubs and events, free or at low cost.

Equal in rank to offers that are paid for, never an afterthought (In Control 2010, L2105).
"""
