"""What goes out and how, what comes in and what becomes of it. Pure."""
