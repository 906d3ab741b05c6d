"""Who may open what: every address, as everybody, on what is theirs and what is not."""
