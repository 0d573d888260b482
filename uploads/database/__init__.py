"""The only SQL for data tables, their locks and their sessions; what is stored in rows of ``uploads_*`` is Django's."""
