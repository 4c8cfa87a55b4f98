"""Sharing what worked: how far a copy is, and where a configuration comes from."""
