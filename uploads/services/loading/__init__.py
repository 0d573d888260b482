"""Loading a file: one attempt under a lease, table by table, to its outcome."""
