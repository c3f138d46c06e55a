"""Changes the modules that decide, one thing at a time, and asks of each change whether a test notices it."""
