"""What the application does: keyword-only, typed, one verb each; every caller goes through here."""
