"""The fund's pure algorithms: nothing here knows Django."""
