"""Coverage-guided fuzzing of the strict readers; `make fuzz` runs it, in an environment of its own."""
