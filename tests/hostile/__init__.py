"""Two thousand broken and hostile messages, bank statements and tables, made from one seed."""
