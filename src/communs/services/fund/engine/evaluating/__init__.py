"""From the days of a series to a proposed verdict; pure, without tables."""
