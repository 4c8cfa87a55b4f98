"""Reading what is asked: filters, options and paths, without a database."""
