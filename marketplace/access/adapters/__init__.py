"""Outside libraries that this room leans on, one module each."""
