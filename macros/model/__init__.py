"""What a management system is made of: frozen, typed, and knowing nothing of files, YAML or pages."""
