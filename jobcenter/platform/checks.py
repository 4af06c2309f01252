"""What `check --deploy` asks of an installation beyond Django's own questions. The ids are stable: `fallarbeit.E0nn`.

Each says what to set. The checks look at the settings that really hold, so a later line in a settings file, an own
settings module or a value of the environment is noticed as well.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from jobcenter.platform import environment, patience

A_YEAR = 365 * 24 * 3600
TEN_HOURS = 10 * 3600
FIRST = "jobcenter.platform.headers.Headers"
NEEDED_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "jobcenter.platform.frame.LoginRequired",
)
CLOSED = ("default-src", "object-src", "base-uri", "frame-ancestors")
OPENINGS = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "data:", "blob:")
MAY_HOLD_DATA = {"img-src"}
Check = Callable[[], Iterable[str]]


def deployed(number: int) -> Callable[[Check], Check]:
    """Make one check of it; each sentence that it gives is an error of this number."""

    def keep(check: Check) -> Check:
        def run(app_configs: Any, **_: Any) -> list[CheckMessage]:
            return [Error(sentence, id=f"fallarbeit.E{number:03d}") for sentence in check()]

        run.__name__ = check.__name__
        register(run, Tags.security, deploy=True)
        return check

    return keep


@deployed(1)
def demonstration() -> Iterable[str]:
    if settings.DEBUG:
        yield "DEBUG zeigt Besucherinnen und Besuchern Quelltext und Werte; bitte ausschalten."
    if settings.DEMO:
        yield "DEMO nennt auf der Anmeldeseite Zugänge; im Betrieb darf das nicht sein."
    if not settings.PRODUCTION:
        yield "FALLARBEIT_ENV muss im Betrieb auf production stehen."


@deployed(2)
def cookies() -> Iterable[str]:
    for name in ("SESSION_COOKIE", "CSRF_COOKIE"):
        if not str(getattr(settings, f"{name}_NAME")).startswith("__Host-"):
            yield f"{name}_NAME muss mit __Host- beginnen."
        if not getattr(settings, f"{name}_SECURE"):
            yield f"{name}_SECURE muss gesetzt sein."
        if not getattr(settings, f"{name}_HTTPONLY"):
            yield f"{name}_HTTPONLY muss gesetzt sein."
        if getattr(settings, f"{name}_SAMESITE") not in ("Lax", "Strict"):
            yield f"{name}_SAMESITE muss Lax oder Strict sein."
        if getattr(settings, f"{name}_PATH") != "/" or getattr(settings, f"{name}_DOMAIN"):
            yield f"{name}: Der Name mit __Host- verlangt den Pfad / und keine Domäne."


@deployed(3)
def sessions() -> Iterable[str]:
    if settings.SESSION_COOKIE_AGE > TEN_HOURS:
        yield "SESSION_COOKIE_AGE darf zehn Stunden nicht überschreiten."
    if not settings.SESSION_EXPIRE_AT_BROWSER_CLOSE:
        yield "SESSION_EXPIRE_AT_BROWSER_CLOSE muss gesetzt sein."
    if settings.SESSION_SERIALIZER != "django.contrib.sessions.serializers.JSONSerializer":
        yield "SESSION_SERIALIZER muss JSON sein: anderes führt beim Lesen Code aus."
    if "cookies" in settings.SESSION_ENGINE:
        yield "SESSION_ENGINE darf die Sitzung nicht in einem Cookie ablegen."
    if settings.MESSAGE_STORAGE != "django.contrib.messages.storage.session.SessionStorage":
        yield "MESSAGE_STORAGE muss die Sitzung sein: Meldungen können Personen nennen."


@deployed(4)
def headers() -> Iterable[str]:
    if settings.MIDDLEWARE[:1] != [FIRST]:
        yield f"{FIRST} muss die äußerste Middleware sein."
    for name in NEEDED_MIDDLEWARE:
        if name not in settings.MIDDLEWARE:
            yield f"Die Middleware {name} fehlt."
    if settings.SECURE_HSTS_SECONDS < A_YEAR or not settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        yield "HSTS muss mindestens ein Jahr und für alle Unterdomänen gelten."
    if not settings.SECURE_SSL_REDIRECT:
        yield "SECURE_SSL_REDIRECT muss gesetzt sein: unverschlüsselt wird nichts gezeigt."
    if not settings.SECURE_CONTENT_TYPE_NOSNIFF:
        yield "SECURE_CONTENT_TYPE_NOSNIFF muss gesetzt sein."
    if settings.SECURE_CROSS_ORIGIN_OPENER_POLICY != "same-origin":
        yield "SECURE_CROSS_ORIGIN_OPENER_POLICY muss same-origin sein."
    if settings.SECURE_REFERRER_POLICY not in ("same-origin", "no-referrer"):
        yield "SECURE_REFERRER_POLICY muss same-origin oder no-referrer sein."


@deployed(5)
def content_security_policy() -> Iterable[str]:
    directives = getattr(settings, "CONTENT_SECURITY_POLICY", {}).get("DIRECTIVES", {})
    for name in CLOSED:
        if list(directives.get(name, [])) != ["'none'"]:
            yield f"CONTENT_SECURITY_POLICY: {name} muss 'none' sein."
    for name, sources in directives.items():
        for source in sources:
            if source in OPENINGS and not (source == "data:" and name in MAY_HOLD_DATA):
                yield f"CONTENT_SECURITY_POLICY: {name} darf {source} nicht zulassen."
    if getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None):
        yield "CONTENT_SECURITY_POLICY_REPORT_ONLY ersetzt keine Richtlinie; bitte entfernen."


@deployed(6)
def hosts() -> Iterable[str]:
    allowed = [host.strip() for host in settings.ALLOWED_HOSTS]
    if not allowed or "*" in allowed:
        yield "ALLOWED_HOSTS muss die Namen nennen, unter denen die Anwendung erreichbar ist."
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://") or "*" in origin:
            yield "CSRF_TRUSTED_ORIGINS darf nur einzelne Adressen mit https:// nennen."
    if settings.USE_X_FORWARDED_HOST:
        yield "USE_X_FORWARDED_HOST muss aus sein: der Name kommt aus der Anfrage selbst."


@deployed(7)
def database_limits() -> Iterable[str]:
    limits = settings.DATABASE_LIMITS
    if settings.PROCESS_KIND != patience.OPERATOR:
        for name, seconds in zip(
            patience.NAMES, (limits.statement, limits.lock, limits.idle_in_transaction, limits.transaction), strict=True
        ):
            if not seconds:
                yield f"{name} fehlt: eine hängende Anweisung hielte alle anderen auf."
    for alias, database in settings.DATABASES.items():
        given = str(database.get("OPTIONS", {}).get("options", ""))
        for name in patience.NAMES:
            if f"-c {name}=" not in given:
                yield f"Die Verbindung {alias} sagt PostgreSQL nichts über {name}."
    if not settings.DATABASES["default"].get("ATOMIC_REQUESTS"):
        yield "ATOMIC_REQUESTS muss gesetzt sein."


@deployed(8)
def secrets() -> Iterable[str]:
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    if any(environment._secret_key_problems(key) for key in keys):
        yield "SECRET_KEY oder ein früherer Schlüssel ist zu schwach."
    if settings.PASSWORD_HASHERS[:1] != ["django.contrib.auth.hashers.Argon2PasswordHasher"]:
        yield "PASSWORD_HASHERS muss mit Argon2 beginnen."
    if any("MD5" in name or "SHA1" in name for name in settings.PASSWORD_HASHERS):
        yield "PASSWORD_HASHERS darf kein gebrochenes Verfahren kennen."
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    lengths = [validator.get("OPTIONS", {}).get("min_length", 0) for validator in validators]
    if max(lengths, default=0) < 12:
        yield "AUTH_PASSWORD_VALIDATORS muss mindestens zwölf Zeichen verlangen."


@deployed(9)
def logs() -> Iterable[str]:
    if settings.ADMINS or settings.MANAGERS:
        yield "ADMINS und MANAGERS müssen leer sein: Fehlerberichte enthielten, was jemand geschrieben hat."
    logging: dict[str, Any] = dict(settings.LOGGING)
    formatters: dict[str, Any] = logging.get("formatters", {})
    ours = {name for name, how in formatters.items() if how.get("()") == "jobcenter.platform.logs.JsonFormatter"}
    for name, handler in logging.get("handlers", {}).items():
        if handler.get("formatter") not in ours:
            yield f"Der Handler {name} schreibt nicht im eigenen Format: Zeilen könnten Personen nennen."
        if "mail" in str(handler.get("class", "")).lower():
            yield f"Der Handler {name} verschickt Protokollzeilen."


@deployed(10)
def outside() -> Iterable[str]:
    if not settings.PUBLIC_URL.startswith("https://"):
        yield "PUBLIC_URL muss mit https:// beginnen."
    if not (settings.EMAIL_USE_TLS if hasattr(settings, "EMAIL_USE_TLS") else False) and not getattr(
        settings, "EMAIL_USE_SSL", False
    ):
        yield "EMAIL_URL muss smtp+tls:// oder smtp+ssl:// sein: Erinnerungen gehen verschlüsselt hinaus."
    if settings.LETTERBOX:
        yield "LETTERBOX gehört zur Vorführung; bitte entfernen."
    if settings.CELERY_ACCEPT_CONTENT != ["json"] or settings.CELERY_TASK_SERIALIZER != "json":
        yield "Celery darf nur JSON lesen und schreiben: anderes führt beim Lesen Code aus."
