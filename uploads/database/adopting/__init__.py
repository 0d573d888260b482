"""Tables of the database that become datasets: what they are, and how they move in and out."""
