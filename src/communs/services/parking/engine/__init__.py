"""Parking's pure algorithms: nothing here knows Django."""
