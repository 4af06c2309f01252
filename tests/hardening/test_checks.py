"""Each own check of a deployment: silent on production's settings, and it speaks up about each single fault."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings

from jobcenter.platform import checks, environment, patience
from tests.platform.test_production_settings import GOOD

AS_IN_PRODUCTION = {
    "PRODUCTION": True,
    "DEBUG": False,
    "DEMO": False,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_SSL_REDIRECT": True,
    "ALLOWED_HOSTS": ["fallarbeit.example.org"],
    "PUBLIC_URL": "https://fallarbeit.example.org",
    "EMAIL_USE_TLS": True,
    "SECRET_KEY": GOOD["SECRET_KEY"],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "LETTERBOX": "",
}
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
POLICY = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]


def found(**changed: object) -> list[str]:
    with override_settings(**AS_IN_PRODUCTION | changed):
        # The tests themselves allow what Django asks about (async.E001).
        told = [message.id or "" for message in run_checks(include_deployment_checks=True)]
        return [name for name in told if not name.startswith("async.")]


def policy(**directives: list[str]) -> dict[str, dict[str, list[str]]]:
    return {"DIRECTIVES": POLICY | {name.replace("_", "-"): value for name, value in directives.items()}}


def without(name: str) -> dict[str, dict[str, list[str]]]:
    return {"DIRECTIVES": {key: value for key, value in POLICY.items() if key != name}}


def test_production_is_silent():
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"DEBUG": True}, "E001"),
        ({"DEMO": True}, "E001"),
        ({"PRODUCTION": False}, "E001"),
        ({"SESSION_COOKIE_NAME": "sessionid"}, "E002"),
        ({"CSRF_COOKIE_NAME": "__Secure-csrf"}, "E002"),
        ({"SESSION_COOKIE_SECURE": False}, "E002"),
        ({"CSRF_COOKIE_SECURE": False}, "E002"),
        ({"SESSION_COOKIE_HTTPONLY": False}, "E002"),
        ({"CSRF_COOKIE_HTTPONLY": False}, "E002"),
        ({"SESSION_COOKIE_SAMESITE": "None"}, "E002"),
        ({"CSRF_COOKIE_SAMESITE": None}, "E002"),
        ({"SESSION_COOKIE_PATH": "/fallarbeit/"}, "E002"),
        ({"CSRF_COOKIE_DOMAIN": "example.org"}, "E002"),
        ({"SESSION_COOKIE_AGE": 36_001}, "E003"),
        ({"SESSION_EXPIRE_AT_BROWSER_CLOSE": False}, "E003"),
        ({"SESSION_SERIALIZER": "tests.Pickle"}, "E003"),
        ({"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"}, "E003"),
        ({"MESSAGE_STORAGE": "django.contrib.messages.storage.fallback.FallbackStorage"}, "E003"),
        ({"MIDDLEWARE": settings.MIDDLEWARE[1:]}, "E004"),
        ({"MIDDLEWARE": [name for name in settings.MIDDLEWARE if "csp" not in name]}, "E004"),
        ({"MIDDLEWARE": [name for name in settings.MIDDLEWARE if "LoginRequired" not in name]}, "E004"),
        ({"SECURE_HSTS_SECONDS": 86_400}, "E004"),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": False}, "E004"),
        ({"SECURE_SSL_REDIRECT": False}, "E004"),
        ({"SECURE_CONTENT_TYPE_NOSNIFF": False}, "E004"),
        ({"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"}, "E004"),
        ({"SECURE_REFERRER_POLICY": "origin"}, "E004"),
        ({"CONTENT_SECURITY_POLICY": policy(script_src=["'self'", "'unsafe-inline'"])}, "E005"),
        ({"CONTENT_SECURITY_POLICY": policy(script_src=["'unsafe-eval'"])}, "E005"),
        ({"CONTENT_SECURITY_POLICY": policy(style_src=["*"])}, "E005"),
        ({"CONTENT_SECURITY_POLICY": policy(script_src=["data:"])}, "E005"),
        ({"CONTENT_SECURITY_POLICY": policy(frame_ancestors=["'self'"])}, "E005"),
        ({"CONTENT_SECURITY_POLICY": without("object-src")}, "E005"),
        ({"CONTENT_SECURITY_POLICY": without("base-uri")}, "E005"),
        ({"CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {}}}, "E005"),
        ({"ALLOWED_HOSTS": ["*"]}, "E006"),
        ({"ALLOWED_HOSTS": []}, "E006"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.example.org"]}, "E006"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://fallarbeit.example.org"]}, "E006"),
        ({"USE_X_FORWARDED_HOST": True}, "E006"),
        ({"PROCESS_KIND": "web", "DATABASE_LIMITS": patience.Limits(0, 8, 60, 90)}, "E007"),
        ({"PROCESS_KIND": "worker", "DATABASE_LIMITS": patience.Limits(300, 30, 300, 0)}, "E007"),
        ({"SECRET_KEY": "kurz"}, "E008"),
        ({"SECRET_KEY_FALLBACKS": ["kurz"]}, "E008"),
        ({"PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]}, "E008"),
        ({"PASSWORD_HASHERS": [ARGON2, "django.contrib.auth.hashers.MD5PasswordHasher"]}, "E008"),
        ({"AUTH_PASSWORD_VALIDATORS": []}, "E008"),
        ({"ADMINS": [("Fach", "fach@example.org")]}, "E009"),
        ({"LOGGING": settings.LOGGING | {"formatters": {"json": {"format": "%(message)s"}}}}, "E009"),
        ({"LOGGING": settings.LOGGING | {"handlers": {"x": {"class": "django.utils.log.AdminEmailHandler"}}}}, "E009"),
        ({"PUBLIC_URL": "http://fallarbeit.example.org"}, "E010"),
        ({"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}, "E010"),
        ({"LETTERBOX": "/tmp/post"}, "E010"),  # noqa: S108  (a value, no file)
        ({"CELERY_ACCEPT_CONTENT": ["json", "pickle"]}, "E010"),
    ],
    ids=str,
)
def test_each_single_fault_is_told(changed: dict[str, object], expected: str):
    assert f"fallarbeit.{expected}" in found(**changed)


def test_a_connection_without_limits_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(settings.DATABASES, "other", {"OPTIONS": {"options": "-c random_page_cost=1.1"}})

    assert any("other" in sentence for sentence in checks.database_limits())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"SECURE_SSL_REDIRECT": "False"}, ["fallarbeit.E004", "security.W008"]),
        ({"EMAIL_URL": "smtp://mail.example.org:25"}, ["fallarbeit.E010"]),
        ({"CSRF_TRUSTED_ORIGINS": "https://*.example.org"}, ["fallarbeit.E006"]),
    ],
    ids=str,
)
def test_check_deploy_itself(change: dict[str, str], expected: list[str]):
    """The command as an operator runs it, on the real settings."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | GOOD | change

    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=env | {"DJANGO_SETTINGS_MODULE": "jobcenter.settings"},
        cwd=environment.BASE_DIR,
        capture_output=True,
        text=True,
    )

    assert [name for name in expected if name not in done.stderr] == []
    assert (done.returncode == 0) == (not expected), done.stderr
