"""What talking needs from outside: telling what a file is."""
