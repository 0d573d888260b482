"""Tests at three levels: unit (domain, no database), integration (real PostgreSQL), e2e (a browser)."""
