"""The shapes of what the API answers and commands print as JSON; they read the values that services return."""
