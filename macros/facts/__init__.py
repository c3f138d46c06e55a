"""What can be computed from a workspace: one module for each question, and `computed` with all of them."""
