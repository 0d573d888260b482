"""Reading rows by a view: conditions, order and keyset as SQL, for our tables and for others of the database."""
