"""Mends for rejected rows, proposed only where exactly one reading makes them fit."""
