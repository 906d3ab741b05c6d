"""What is on which day: a person's week and month, a store's, and both in other calendars.

Nothing here says what happens: orders do. A calendar in somebody's phone is opened by a secret
address of which only a hash is kept, shows no more than its owner chose, and is closed the moment
its owner may no longer see what is in it. A reminder is written once for each visit and kind.
"""
