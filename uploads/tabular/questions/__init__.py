"""What may be read in another way: found while a table is opened, asked on the receipt, answered by one click."""
