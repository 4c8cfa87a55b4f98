"""Pure arithmetic of measures: knows neither tables nor pages."""
