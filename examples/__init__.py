"""Fictional organisations, kept as their answers and the files that they changed."""
