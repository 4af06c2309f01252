"""Apps that show codes and people who sign in, as browsers do it."""

import re
import time
from typing import Any

from django.db import connection
from django.test import Client

from casework.models import User
from jobcenter.platform import factors
from tests.factories import PASSWORD

SIGN_IN, FACTOR, AGAIN = "/anmelden/", "/anmelden/zweiter-faktor/", "/anmelden/erneut/"
KIND = "SELECT kind FROM casework_accountevent WHERE user_id IS NOT DISTINCT FROM %s ORDER BY id"


class App:
    """An authenticator app: shows the code of the running half minute, or of one nearby."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, offset: int = 0) -> str:
        step = int(time.time()) // 30 + offset
        return factors.totp.format_hotp_value(factors.totp.hotp_value(self.secret, step))

    def wrong(self) -> str:
        shown = {self.code(offset) for offset in range(-3, 4)}
        return next(code for code in (f"{number:06d}" for number in range(100)) if code not in shown)


def with_app(user: User) -> App:
    """An app set up a minute ago: its present code is still unused."""
    secret = factors.new_totp_secret()
    factors.Authenticator.objects.create(user=user, type=factors.TOTP, data={"secret": factors.seal(secret)})
    return App(secret)


def give_password(client: Client, user: User | str, password: str = PASSWORD, **more: Any) -> Any:
    name = user if isinstance(user, str) else user.username
    return client.post(SIGN_IN, {"username": name, "password": password}, **more)


def give_code(client: Client, code: str, **more: Any) -> Any:
    return client.post(FACTOR, {"code": code}, **more)


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>(\d{5} \d{5})</code>", page)


def works(client: Client) -> bool:
    return bool(client.get("/einstellungen/").status_code == 200)


def events_of(user: User | None, superuser_sql: Any = None) -> list[str]:
    """The kinds of what happened to an account, oldest first. Only the superuser reads them."""
    params = [user.pk if user else None]
    if superuser_sql is not None:
        return [kind for (kind,) in superuser_sql(KIND, params)]
    with connection.cursor() as cursor:
        cursor.execute(KIND, params)
        return [kind for (kind,) in cursor.fetchall()]
