"""Records: what happened or was decided, one typed definition per kind."""
