"""News of files: to whom they are told, and that they arrive or are given up, by webhooks and mail."""
