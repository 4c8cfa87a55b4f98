"""Writes a new service: `asked` checks what is wanted, `writing` puts the files in place."""
