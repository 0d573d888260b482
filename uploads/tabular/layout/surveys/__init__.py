"""Headers as the tools for surveys write them, with the questions in rows of their own."""
