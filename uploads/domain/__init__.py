"""Pure domain code: the standard library, pandas and pyarrow; no Django, no settings, no clock."""
