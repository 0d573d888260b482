"""The JSON API: parse, call a service, render."""
