"""Pure text work: words, terms, nearness, order, extracts."""
