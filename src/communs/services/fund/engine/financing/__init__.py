"""What a grant may be: rules as data, a project's plan, and each rule explained line by line."""
