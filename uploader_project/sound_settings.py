"""Settings that cannot be meant are said in one sentence, by whatever starts, and nothing starts."""

import sys

from django.conf import LazySettings, settings
from django.core.exceptions import ImproperlyConfigured


def require_sound_settings(found: LazySettings = settings) -> None:
    """Ends the process with the sentence and status 1. Settings are read at the first look at any of them."""
    try:
        _ = found.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(f"A setting is wrong: {error}")
