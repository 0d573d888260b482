"""The Django project around the ``uploads`` app: settings, addresses, logs, the embedded PostgreSQL and ``run``."""
