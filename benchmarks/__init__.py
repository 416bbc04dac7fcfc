"""What the book measures. Each module is one command that writes one file of results."""
