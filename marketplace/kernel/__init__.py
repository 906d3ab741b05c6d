"""Words that every feature uses: money, time, refusals, tables, pages of rows.

Knows no feature and no web.
"""
