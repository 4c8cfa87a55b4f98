"""Pure algorithms of configurations: canonical form, merge, personal data; nothing of Django."""
