"""Readers of the languages that documents are written in, each in one place."""
