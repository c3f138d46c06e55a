"""The verbs of the command line, one module each: its help, its arguments, and its run."""
