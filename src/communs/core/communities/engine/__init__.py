"""Pure readers and geometry of the communities: nothing here knows Django."""
