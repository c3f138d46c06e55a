"""What is gathered from the facts for a reader: the way to certification, the inputs of a management review, counts over time."""
