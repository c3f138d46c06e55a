"""What git knows of a repository: two sides of a change, past trees, the history of a document, where it lies on its forge."""
