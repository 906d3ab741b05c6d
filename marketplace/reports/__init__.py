"""Numbers over the market of one council. Reads every table, writes none.

Counts of people below the council's threshold are never shown, nor anything that rests on them;
nor is a single hidden row left that a total would give away. No average is taken of averages.
"""
