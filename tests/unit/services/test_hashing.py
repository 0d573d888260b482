"""Passwords are hashed as Django does it, by threads that give way to all others."""

import os
import sys
import threading

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.test import override_settings

from uploader_project import settings as without_tests
from uploads.services.signing_in import hashing


def test_password_is_stored_as_django_stores_it() -> None:
    assert hashing.PatientHasher().encode("secret", "salt", 1000) == PBKDF2PasswordHasher().encode(
        "secret", "salt", 1000
    )


def test_settings_use_it_first_and_know_what_django_stored_before() -> None:
    before = PBKDF2PasswordHasher().encode("secret", "salt", 1000)
    with override_settings(PASSWORD_HASHERS=without_tests.PASSWORD_HASHERS):
        hasher = identify_hasher(before)
    assert isinstance(hasher, hashing.PatientHasher)
    assert [hasher.verify(said, before) for said in ("secret", "wrong")] == [True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
def test_only_the_threads_that_hash_give_way() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    mine = priority()
    assert hashing._threads.submit(priority).result() == hashing.NICENESS
    assert priority() == mine
