"""Asking the market: what people need, in their own words, and what providers answer.

A provider reads of an ask what the person agreed to: no name, no postcode, the first half of it
alone. No provider ever reads another's answer. One answer is chosen, the others are thanked.
"""
