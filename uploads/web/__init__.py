"""What pages, API, admin and tus share: who is asking, forms, body limits, answers to errors."""
