"""Tables of records from formats that name and type their columns."""
