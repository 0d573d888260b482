"""What a cell's number format makes of its number: a date, a time, an ID with leading zeros, money."""
