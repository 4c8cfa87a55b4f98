"""Scores of files, and who gets which file: pure figures."""
