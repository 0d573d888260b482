"""Ways to write values that stand beside the plain ones: each prints back every value that it reads."""
