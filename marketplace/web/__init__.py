"""HTTP and templates that every page shares. Knows no feature."""
