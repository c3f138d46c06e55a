"""Records and documents that a person makes, renames or ends: complete, judged before they are written, all or none."""
