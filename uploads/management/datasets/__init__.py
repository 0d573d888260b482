"""Commands for datasets and their tables: columns, how files join them, who reads them, what goes out."""
