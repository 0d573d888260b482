"""Where the header stands, and which lines are titles, totals or notes; in texts and in sheets."""
