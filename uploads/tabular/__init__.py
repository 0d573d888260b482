"""Bytes become typed chunks here, without Django or a database; ``python -m uploads.tabular FILE`` shows how."""
