"""One story each, told through the pages alone."""
