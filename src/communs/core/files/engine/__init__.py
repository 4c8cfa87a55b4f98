"""What a stranger's file is: looked at by its structure, in a process of its own. No Django."""
