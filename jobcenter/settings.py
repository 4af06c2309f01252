"""All settings, read from the environment. Nothing exists only in production (house style 25)."""

import os
import sys
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from jobcenter.platform import embedded, environment, oidc, patience, roles

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (dotenv := BASE_DIR / ".env").exists():
    env.read_env(dotenv)
PRODUCTION = environment.is_production(os.environ)
if PRODUCTION and (problems := environment.guard(os.environ)):
    raise ImproperlyConfigured(" ".join(problems))
if not PRODUCTION:
    # Outside production whatever is missing comes from the embedded servers and their data folder.
    os.environ.update(embedded.environment())

SECRET_KEY = env.str("SECRET_KEY")
# Earlier keys, newest first: sessions and contexts signed with them still count (docs/operations.md, change of keys).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=not PRODUCTION)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "jobcenter.apps.JobcenterConfig",
    "jobcenter.office.apps.OfficeConfig",
    "casework.apps.CaseworkConfig",
    "agreements.apps.AgreementsConfig",
    "offers.apps.OffersConfig",
    "jobcenter.apps.ConfigurationAdmin",
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # The second factors: models and cryptography of allauth, pages of our own. allauth.mfa imports allauth.account.
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    # Outermost: no answer of ours is without its headers, whichever of the others made it.
    "jobcenter.platform.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # From here on everything happens in the one outer transaction of the request (design.md 8).
    "jobcenter.platform.frame.TransactionFrame",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jobcenter.platform.frame.ActorContext",
    "django_htmx.middleware.HtmxMiddleware",
    "jobcenter.platform.frame.LoginRequired",
    "casework.views.guard.SecondFactorRequired",
    "casework.views.guard.SessionKept",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "casework.views.evidence.RefusalRecorder",
]

ROOT_URLCONF = "jobcenter.urls"
WSGI_APPLICATION = "jobcenter.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["jobcenter.platform.templates.Loader", "django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jobcenter.screens.navigation.navigation",
            ],
            "libraries": {"fixed": "jobcenter.platform.fixed"},
        },
    }
]

# Two database roles from the first migration (design.md 8): "default" is the web role, which owns nothing;
# "owner" is used by migrations alone.
DATABASES = {
    "default": env.db("DATABASE_URL"),
    "owner": env.db("OWNER_DATABASE_URL"),
}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 0
    # Asked once a request: after a restart of the database each thread connects again without a failed answer.
    _database["CONN_HEALTH_CHECKS"] = True
if env.bool("DB_POOL", default=False):
    # The pool refuses a persistent connection beside it; django-environ may have put a host into OPTIONS.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 8}
else:
    # Seconds. Gunicorn's threads live long, so each keeps its connection: a new one costs more than most pages, because
    # PostgreSQL reads its catalogue and plans the functions of the rules anew (docs/testing.md, bench).
    DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"].setdefault("OPTIONS", {})
# Statements that are planned once a connection (jobcenter.platform.statements). A pooler between us and PostgreSQL must
# keep prepared statements apart; PgBouncer does from 1.21.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 0
# What is asked for lies in memory or on a fast disk: with PostgreSQL's default of 4 it reads all cases of the office to
# find those of one person, which takes longer with each year.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c random_page_cost=1.1")
# The worker signs in as itself; the names of all roles follow from the owner's and the web role's.
_roles = roles.Roles.of(DATABASES["owner"]["USER"], env.str("WEB_DATABASE_ROLE", default=DATABASES["default"]["USER"]))
WEB_DATABASE_ROLE, WORKER_DATABASE_ROLE, OFFERS_DATABASE_ROLE = _roles.web, _roles.worker, _roles.offers
BACKUP_DATABASE_ROLE, GUARD_DATABASE_ROLE = _roles.backup, _roles.guard
# The role of a request: the one that signed in. Tests sign in as one that may prepare rows, and name the web role here.
FRAME_DATABASE_ROLE = ""
# How long the database may take, by what this process is (jobcenter.platform.patience).
PROCESS_KIND = patience.process_kind(sys.argv, os.environ)
try:
    DATABASE_LIMITS = patience.limits(PROCESS_KIND, os.environ)
except ValueError as _error:
    raise ImproperlyConfigured(str(_error)) from None
for _database in DATABASES.values():
    _options = _database.setdefault("OPTIONS", {})
    _options["options"] = f"{_options.get('options', '')} {patience.connection_options(DATABASE_LIMITS)}".strip()
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "casework.User"
AUTHENTICATION_BACKENDS = ["casework.permissions.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "screens:today"
LOGOUT_REDIRECT_URL = "login"

# Nobody works without a second factor. The one exception is the demonstration, as long as only this machine reaches it.
SECOND_FACTOR_OPTIONAL = (
    not PRODUCTION
    and DEMO
    and environment.is_loopback(env.str("HOST", default="127.0.0.1"))
    and env.bool("SECOND_FACTOR_OPTIONAL", default=True)
)
# allauth.account is here for allauth.mfa's sake alone: its tables of e-mail addresses are not made.
MIGRATION_MODULES = {"account": None}
MFA_ADAPTER = "jobcenter.platform.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
# Sign-in by the directory of an organisation (docs/sign-in.md); a mistake in it stops the start.
OIDC_PROVIDERS = oidc.read_providers(env.str("OIDC_PROVIDERS", default=""), insecure=not PRODUCTION)
# How many proxies of our own stand in front; what they wrote into X-Forwarded-For is believed, and nothing else.
PROXIES = env.int("PROXIES", default=1 if PRODUCTION else 0)

SESSION_ENGINE = "jobcenter.platform.sessions"
SESSION_COOKIE_AGE = 10 * 60 * 60  # from signing in, whatever happens meanwhile
# Without a request for so long, a session is over; a talk of an hour without a word typed must not end it.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# The prefix binds a cookie to this host and to https; browsers refuse it over http, where the demonstration runs.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# What is told after a deed may name a person: it waits in the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "jobcenter.screens.failures.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        # Said aloud, although the first line covers it: audits look for it.
        "object-src": ["'none'"],
    }
}

# Where the heads of the sealed evidence are written down, out of the database's reach (docs/operations.md).
AUDIT_HEAD_FILE = env.str(
    "AUDIT_HEAD_FILE", default="" if PRODUCTION else str(embedded.data_folder() / "evidence-heads.jsonl")
)

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
# Half the work of compressing, and nothing asks for a name without its hash.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        )
    },
}

EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="fallarbeit@example.org")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
# Where the links in mails lead; the application itself does not know how it is reached from outside.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}")
# The folder of the demonstration's own mail server (jobcenter.platform.letterbox), named by `make run`.
LETTERBOX = env.str("LETTERBOX", default="")
# Seconds. A claim outlives the longest talk with a mail server; a refused mail is tried again, each time later.
REMINDER_LEASE = env.int("REMINDER_LEASE", default=300)
REMINDER_RETRY_AFTER = env.list("REMINDER_RETRY_AFTER", cast=int, default=[300, 900, 1800, 3600])
REMINDER_BELL = env.int("REMINDER_BELL", default=30)
# In the demonstration a mail can be looked at on a Sunday evening, too; in production nobody is written to then.
REMINDER_ANY_TIME = not PRODUCTION and env.bool("REMINDER_ANY_TIME", default=DEMO)

# Somebody new has a first next step within so many working days of being assigned (Work-First).
INTAKE_FIRST_STEP_DAYS = env.int("INTAKE_FIRST_STEP_DAYS", default=5)
# Whoever handed a case over keeps reading it for so many days.
FORMER_READING_DAYS = env.int("FORMER_READING_DAYS", default=30)

REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Publishing gives up quickly: a save must not wait for Redis.
    "max_retries": 1,
    "interval_start": 0.1,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULER = "jobcenter.platform.beat:SteadyScheduler"
CELERY_BEAT_SCHEDULE = {
    # A bell that nobody heard is not worth hearing later: the next one is on its way.
    "remind": {
        "task": "casework.tasks.remind",
        "schedule": REMINDER_BELL,
        "options": {"expires": REMINDER_BELL},
    },
    "carry-out-handovers": {
        "task": "casework.tasks.carry_out_handovers",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "send-account-notices": {
        "task": "casework.tasks.send_account_notices",
        "schedule": 300,
        "options": {"expires": 300},
    },
    # A run whose bell nobody heard, or whose worker died, goes on or is told as given up.
    "work-on-imports": {
        "task": "casework.tasks.work_on_imports",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "give-up-old-imports": {
        "task": "casework.tasks.give_up_old_imports",
        "schedule": crontab(hour=2, minute=50),
    },
    "seal-evidence": {
        "task": "casework.tasks.seal_evidence",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "look-after-evidence": {
        "task": "casework.tasks.look_after_evidence",
        "schedule": crontab(hour=3, minute=10),
    },
    "remove-old-digests": {
        "task": "casework.tasks.remove_old_digests",
        "schedule": crontab(hour=2, minute=45),
    },
    "remove-expired-sessions": {
        "task": "casework.tasks.remove_expired_sessions",
        "schedule": crontab(hour=2, minute=30),
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
# Nobody is sent a report of an error: it would hold what somebody typed.
ADMINS: list[tuple[str, str]] = []
MANAGERS = ADMINS

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "jobcenter.platform.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own would also write mails to ADMINS, with what the request held.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # The path of a refused request names a case; the access event holds what is needed.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
