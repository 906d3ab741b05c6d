"""Finding support: one ranked list of offers, providers, activities and events.

The room writes nothing but its own index. The words that people type are understood in
``rules``; an engine in ``adapters`` only looks up the tokens it is given, so every engine
finds the same things.
"""
