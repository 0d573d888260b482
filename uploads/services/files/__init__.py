"""Files: activated, deactivated, replaced, deleted; who may do so; receipts and history."""
