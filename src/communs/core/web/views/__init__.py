"""Pages that belong to no service."""
