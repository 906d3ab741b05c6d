"""A marketplace for care and support: find it, pay for it, say whether it helped."""
