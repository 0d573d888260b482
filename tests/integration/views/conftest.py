"""A browser."""

import pytest
from django.test import Client


@pytest.fixture
def page() -> Client:
    """A browser that has opened the start page, so that it is known again."""
    client = Client()
    client.get("/")
    return client
