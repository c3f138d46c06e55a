"""What may act on a page: which elements, attributes, classes and addresses pages may hold, and how markup is read."""
