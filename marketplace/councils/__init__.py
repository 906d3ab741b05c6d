"""Councils: their portals, policies, colours and staff, and whom each of them funds."""
