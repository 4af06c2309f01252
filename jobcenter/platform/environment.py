"""What the process environment means, and what a production start refuses."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parents[2]

KINDS = ("demo", "production")
TRUE = {"true", "on", "ok", "y", "yes", "1"}
REQUIRED = {
    "DATABASE_URL": "die Datenbank in der Rolle der Anwendung",
    "OWNER_DATABASE_URL": "die Datenbank in der Rolle des Eigentümers, nur für Migrationen",
    "REDIS_URL": "Redis oder Valkey",
    "EMAIL_URL": "der Postausgang",
    "PUBLIC_URL": "die Adresse, unter der die Anwendung im Haus aufgerufen wird, für die Links in Erinnerungsmails",
    "ALLOWED_HOSTS": "die Namen, unter denen die Anwendung erreichbar ist",
}
# Bounds of what is a number: a session of a week or without an end is none that ends.
NUMBERS = {"SESSION_IDLE_MINUTES": (5, 600), "PROXIES": (0, 5)}
SECRET_KEY_LENGTH = 50
SECRET_KEY_DISTINCT = 15


def is_production(env: Mapping[str, str]) -> bool:
    """Whatever is not plainly the demonstration is production: a misspelt value must not open the doors."""
    return env.get("FALLARBEIT_ENV", "") not in ("", "demo")


def is_loopback(host: str) -> bool:
    """Whether a server that listens on this name or address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def read_dotenv(folder: Path = BASE_DIR) -> None:
    """Add what .env says and the environment does not."""
    import environ

    if (dotenv := folder / ".env").is_file():
        environ.Env.read_env(dotenv)


def guard(env: Mapping[str, str]) -> list[str]:
    """Everything that a production start must not accept, each as one sentence that says what to set."""
    problems = []
    if (kind := env.get("FALLARBEIT_ENV", "")) not in KINDS:
        problems.append(f"FALLARBEIT_ENV kennt nur {' und '.join(KINDS)}, nicht „{kind}“.")
    problems += [
        f"{name} muss im Produktivbetrieb auf Falsch stehen oder fehlen."
        for name in ("DEBUG", "DEMO", "SECOND_FACTOR_OPTIONAL")
        if env.get(name, "").strip().lower() in TRUE
    ]
    problems += _secret_key_problems(env.get("SECRET_KEY", ""))
    problems += [f"{name} fehlt: {meaning}." for name, meaning in REQUIRED.items() if not env.get(name, "").strip()]
    if "*" in [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",")]:
        problems.append("ALLOWED_HOSTS darf nicht jeden Namen („*“) zulassen.")
    if (address := env.get("PUBLIC_URL", "").strip()) and not address.startswith("https://"):
        problems.append("PUBLIC_URL muss mit https:// beginnen.")
    problems += [
        f"{name} muss eine ganze Zahl von {low} bis {high} sein."
        for name, (low, high) in NUMBERS.items()
        if (text := env.get(name, "").strip()) and not (text.isdecimal() and low <= int(text) <= high)
    ]
    web, owner = (urlsplit(env.get(name, "")).username for name in ("DATABASE_URL", "OWNER_DATABASE_URL"))
    if web and web == owner:
        problems.append("DATABASE_URL und OWNER_DATABASE_URL müssen verschiedene Rollen nennen.")
    return problems


def _secret_key_problems(key: str) -> list[str]:
    if not key:
        return ["SECRET_KEY fehlt: ein langer Zufallswert, der nirgends sonst verwendet wird."]
    if key.startswith("django-insecure"):
        return ["SECRET_KEY ist ein Platzhalter aus der Entwicklung (django-insecure); bitte neu erzeugen."]
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_DISTINCT:
        return [
            f"SECRET_KEY ist zu schwach: mindestens {SECRET_KEY_LENGTH} Zeichen, "
            f"davon {SECRET_KEY_DISTINCT} verschiedene."
        ]
    return []
