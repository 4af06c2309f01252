"""Secrets at rest: what a stolen copy of the database must not give away is sealed by a key that it does not hold."""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"fallarbeit.sealing.1"


class Unsealable(Exception):
    """The text was not sealed by us, was changed, or is older than allowed."""


def seal(text: str) -> str:
    """Encrypt and authenticate a short text with a key drawn from SECRET_KEY."""
    return _box().encrypt(text.encode()).decode()


def unseal(text: str, max_age: int | None = None) -> str:
    """The text that was sealed; `max_age` in seconds. Raises Unsealable.

    While SECRET_KEY is changed, SECRET_KEY_FALLBACKS still open what the earlier key has sealed.
    """
    try:
        return _box().decrypt(text.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unsealable from error


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@functools.lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())))
            for key in keys
        ]
    )
