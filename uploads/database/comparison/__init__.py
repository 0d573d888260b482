"""Two tables laid beside each other in PostgreSQL, by key or as whole rows: what is new, changed, gone and equal.

Values are compared by PostgreSQL and never as text, unless no common type holds both without loss: 1.0 is 1.00, −0 is
0, NaN is NaN, and one moment is one moment in whatever zone it is written.
"""
