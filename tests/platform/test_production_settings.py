"""A production start refuses what is missing, weak or meant for development."""

import os
import subprocess
import sys

import pytest

from jobcenter.platform import environment

GOOD = {
    "FALLARBEIT_ENV": "production",
    "SECRET_KEY": "kQ3vX9mZ2tB7wL5nR8yH4cF6jD1sG0pA-uE_iO3aT5qW7zK9xV2bN4mL6",
    "DATABASE_URL": "postgresql://fallarbeit_web:a@db/fallarbeit",
    "OWNER_DATABASE_URL": "postgresql://fallarbeit_owner:b@db/fallarbeit",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "PUBLIC_URL": "https://fallarbeit.example.org",
    "ALLOWED_HOSTS": "fallarbeit.example.org",
}


def test_a_complete_environment_is_accepted():
    assert environment.guard(GOOD) == []


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"FALLARBEIT_ENV"}))
@pytest.mark.parametrize("value", ["", "  ", None])
def test_each_required_value_is_asked_for_by_name(name, value):
    env = {key: text for key, text in GOOD.items() if key != name}
    if value is not None:
        env[name] = value

    problems = environment.guard(env)

    assert len(problems) == 1
    assert name in problems[0]


@pytest.mark.parametrize(
    "key",
    [
        "kurz",
        "x" * 80,
        "abcabcabc" * 10,
        "django-insecure-kQ3vX9mZ2tB7wL5nR8yH4cF6jD1sG0pA-uE_iO3aT5qW7zK9xV2bN4mL6",
    ],
)
def test_a_weak_key_is_refused(key):
    (problem,) = environment.guard(GOOD | {"SECRET_KEY": key})

    assert "SECRET_KEY" in problem
    assert key not in problem


@pytest.mark.parametrize("name", ["DEBUG", "DEMO", "SECOND_FACTOR_OPTIONAL"])
@pytest.mark.parametrize("value", ["True", "1", "yes", "on", " TRUE "])
def test_debugging_and_demonstration_are_refused(name, value):
    (problem,) = environment.guard(GOOD | {name: value})

    assert problem.startswith(name)


def test_debugging_may_be_switched_off_in_words():
    assert environment.guard(GOOD | {"DEBUG": "False", "DEMO": "0"}) == []


def test_any_host_is_refused():
    (problem,) = environment.guard(GOOD | {"ALLOWED_HOSTS": "fallarbeit.example.org, *"})

    assert "ALLOWED_HOSTS" in problem


@pytest.mark.parametrize("address", ["fallarbeit.example.org", "http://fallarbeit.example.org"])
def test_links_in_mails_lead_nowhere_without_encryption(address):
    (problem,) = environment.guard(GOOD | {"PUBLIC_URL": address})

    assert "PUBLIC_URL muss mit https:// beginnen" in problem


def test_one_role_for_both_purposes_is_refused():
    (problem,) = environment.guard(GOOD | {"OWNER_DATABASE_URL": GOOD["DATABASE_URL"]})

    assert "verschiedene Rollen" in problem


def test_a_misspelt_kind_is_production_and_does_not_start():
    env = GOOD | {"FALLARBEIT_ENV": "prodution"}

    assert environment.is_production(env)
    assert "FALLARBEIT_ENV" in environment.guard(env)[0]


@pytest.mark.parametrize("value", ["", "demo"])
def test_the_demonstration_is_the_default(value):
    assert not environment.is_production({"FALLARBEIT_ENV": value})
    assert not environment.is_production({})


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, None), ({"DEBUG": "True"}, "DEBUG"), ({"SECRET_KEY": "kurz"}, "SECRET_KEY")],
)
def test_the_settings_ask_the_guard(change, expected):
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | GOOD | change

    done = subprocess.run(
        [sys.executable, "-c", "import jobcenter.settings"],
        env=env,
        cwd=environment.BASE_DIR,
        capture_output=True,
        text=True,
    )

    if expected is None:
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode != 0
        assert f"ImproperlyConfigured: {expected}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("SESSION_IDLE_MINUTES", "0"), ("SESSION_IDLE_MINUTES", "x"), ("PROXIES", "-1")]
)
def test_a_number_that_is_none_or_out_of_bounds_is_refused(name, value):
    (problem,) = environment.guard(GOOD | {name: value})

    assert problem.startswith(name)


ASK = "from jobcenter import settings as s; print(s.SECOND_FACTOR_OPTIONAL, s.SESSION_IDLE_MINUTES, s.PROXIES)"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "True 60 0"),
        ({"HOST": "127.0.0.1"}, "True 60 0"),
        ({"HOST": "::1"}, "True 60 0"),
        ({"HOST": "0.0.0.0"}, "False 60 0"),  # noqa: S104
        ({"HOST": "192.0.2.7"}, "False 60 0"),
        ({"HOST": "fallarbeit.example.org"}, "False 60 0"),
        ({"HOST": ""}, "False 60 0"),
        ({"DEMO": "False"}, "False 60 0"),
        ({"SECOND_FACTOR_OPTIONAL": "False"}, "False 60 0"),
        ({"HOST": "0.0.0.0", "SECOND_FACTOR_OPTIONAL": "True"}, "False 60 0"),  # noqa: S104
        (GOOD, "False 60 1"),
        (GOOD | {"HOST": "127.0.0.1", "SESSION_IDLE_MINUTES": "90", "PROXIES": "2"}, "False 90 2"),
    ],
)
def test_the_second_factor_is_left_out_in_the_demonstration_on_this_machine_alone(change, expected):
    names = ("PATH", "HOME", "DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY")
    env = {name: os.environ[name] for name in names if name in os.environ} | change
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=env, cwd=environment.BASE_DIR, capture_output=True, text=True
    )

    assert done.stdout.strip() == expected, done.stderr
