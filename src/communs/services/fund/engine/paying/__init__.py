"""Pure rules of agreements: what a template may say, who gets which part, what is owed."""
