"""Sign-in by a directory: the code flow of OpenID Connect with PKCE, state and nonce; every identity token is verified.

Nothing of what the directory tells beyond who it is and how they signed in is looked at: no names, addresses, groups.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import requests
from django.core.exceptions import ImproperlyConfigured

from jobcenter.platform.environment import is_loopback

TIMEOUT = (3, 5)  # seconds to connect, to answer: the request of a person waits, and with it a connection
LARGEST = 512 * 1024
KEPT = 600  # seconds that endpoints and keys are believed
KEYS_AGAIN = 30  # not more often, whatever key a token names
LEEWAY = 60  # seconds between two clocks
# Signatures by a key pair alone: with a shared secret, or none, whoever writes the token decides who it is.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
REQUIRED = ("slug", "name", "organisation", "issuer", "client_id", "client_secret")
OPTIONAL = ("subject_claim", "factor_claim", "factor_values", "scope")


class DirectoryFault(Exception):
    """The directory did not say who it is. `code` is a word of ours, never a sentence or value of the directory's."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Provider:
    """The directory of one organisation."""

    slug: str
    name: str
    organisation: str
    issuer: str
    client_id: str
    client_secret: str
    subject_claim: str = "sub"
    # The claim ("amr" or "acr") and those of its values that count as a second factor; without them ours is asked.
    factor_claim: str = ""
    factor_values: tuple[str, ...] = ()
    scope: str = "openid"

    def factor_given(self, claims: Mapping[str, Any]) -> bool:
        """Whether the directory says that a second factor was given there."""
        told = claims.get(self.factor_claim) if self.factor_claim else None
        values = [told] if isinstance(told, str) else told if isinstance(told, list) else []
        return any(value in self.factor_values for value in values)


@dataclass(frozen=True)
class Identity:
    subject: str
    second_factor: bool


@dataclass(frozen=True)
class Attempt:
    """What this sign-in is bound to, kept by the browser in a sealed cookie until it comes back."""

    slug: str
    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def begin(cls, slug: str, next_page: str) -> "Attempt":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(slug, state, nonce, verifier, next_page)

    def dump(self) -> str:
        return json.dumps([self.slug, self.state, self.nonce, self.verifier, self.next])

    @classmethod
    def load(cls, text: str) -> "Attempt":
        return cls(*json.loads(text))


def read_providers(text: str, *, insecure: bool = False) -> dict[str, Provider]:
    """The directories that the environment names: a JSON list of objects. Raises ImproperlyConfigured.

    `insecure`: outside production a directory on this machine may be asked without encryption.
    """
    try:
        entries = json.loads(text) if text.strip() else []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError
    except ValueError as error:
        raise ImproperlyConfigured("OIDC_PROVIDERS muss eine JSON-Liste von Objekten sein.") from error
    providers: dict[str, Provider] = {}
    for entry in entries:
        provider = _provider(entry, insecure)
        if provider.slug in providers:
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: „{provider.slug}“ steht zweimal darin.")
        providers[provider.slug] = provider
    return providers


def _provider(entry: dict[str, Any], insecure: bool) -> Provider:
    if unknown := sorted(set(entry) - {*REQUIRED, *OPTIONAL}):
        raise ImproperlyConfigured(f"OIDC_PROVIDERS kennt kein {', '.join(unknown)}.")
    if missing := [name for name in REQUIRED if not isinstance(entry.get(name), str) or not entry[name].strip()]:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: Es fehlt {', '.join(missing)}.")
    if not set(entry["slug"]) <= SLUG or len(entry["slug"]) > 40:
        raise ImproperlyConfigured("OIDC_PROVIDERS: slug darf nur aus a–z, 0–9 und - bestehen.")
    values = entry.get("factor_values", [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise ImproperlyConfigured("OIDC_PROVIDERS: factor_values muss eine Liste von Texten sein.")
    if entry.get("factor_claim", "") not in ("", "amr", "acr") or bool(entry.get("factor_claim")) != bool(values):
        raise ImproperlyConfigured("OIDC_PROVIDERS: factor_claim (amr oder acr) und factor_values gehören zusammen.")
    if not _is_safe(entry["issuer"], insecure):
        raise ImproperlyConfigured("OIDC_PROVIDERS: issuer muss mit https:// beginnen.")
    fields = {**entry, "factor_values": tuple(values)}
    if "openid" not in fields.get("scope", "openid").split():
        raise ImproperlyConfigured("OIDC_PROVIDERS: scope muss openid enthalten.")
    return Provider(**fields)


def _is_safe(address: Any, insecure: bool) -> bool:
    parts = urlsplit(str(address))
    return parts.scheme == "https" or (insecure and parts.scheme == "http" and is_loopback(parts.hostname or ""))


def authorization_url(provider: Provider, attempt: Attempt, redirect_uri: str) -> str:
    """Where the browser goes to sign in."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if provider.factor_claim == "acr":
        query["acr_values"] = " ".join(provider.factor_values)
    endpoint = _endpoint(provider, "authorization_endpoint")
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"


def identify(provider: Provider, attempt: Attempt, answer: Mapping[str, str], redirect_uri: str) -> Identity:
    """Who came back, from the parameters that the browser brought. Raises DirectoryFault."""
    if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise DirectoryFault("state")
    # Another directory must not answer for this one (RFC 9207).
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise DirectoryFault("issuer")
    if answer.get("error") or not answer.get("code"):
        raise DirectoryFault("declined")
    claims = _verified(provider, _id_token(provider, attempt, answer["code"], redirect_uri))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise DirectoryFault("nonce")
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not subject.strip():
        raise DirectoryFault("subject")
    return Identity(subject, provider.factor_given(claims))


def _id_token(provider: Provider, attempt: Attempt, code: str, redirect_uri: str) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": attempt.verifier,
        "client_id": provider.client_id,
    }
    methods = _metadata(provider).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    auth = None
    if "client_secret_basic" in methods:
        auth = (quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))  # RFC 6749 2.3.1
    else:
        form["client_secret"] = provider.client_secret
    token = _ask("POST", _endpoint(provider, "token_endpoint"), data=form, auth=auth).get("id_token")
    if not isinstance(token, str):
        raise DirectoryFault("token")
    return token


def _verified(provider: Provider, token: str) -> dict[str, Any]:
    """The claims of a token that this directory signed for us just now."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(provider, str(jwt.get_unverified_header(token).get("kid", ""))),
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise DirectoryFault("token") from error
    # Made out to several: the one that it was given to is named.
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (is_shared or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise DirectoryFault("audience")
    return claims


# --- what the directory publishes ----------------------------------------------------------------------------


@dataclass
class Published:
    """Endpoints and keys of one issuer, believed for a while."""

    metadata: dict[str, Any]
    until: float
    keys: dict[str, jwt.PyJWK]
    keys_at: float = 0.0


_published: dict[str, Published] = {}
_lock = threading.Lock()


def _metadata(provider: Provider) -> dict[str, Any]:
    return _of(provider).metadata


def _of(provider: Provider) -> Published:
    with _lock:
        found = _published.get(provider.issuer)
    if found is not None and found.until > time.monotonic():
        return found
    metadata = _ask("GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer:
        raise DirectoryFault("issuer")
    found = Published(metadata, time.monotonic() + KEPT, {})
    with _lock:
        _published[provider.issuer] = found
    return found


def _endpoint(provider: Provider, name: str) -> str:
    """An address that the directory names; encrypted, unless the directory itself is one on this machine."""
    address = _metadata(provider).get(name)
    if not _is_safe(address, insecure=not provider.issuer.startswith("https://")):
        raise DirectoryFault("endpoint")
    return str(address)


def _key(provider: Provider, kid: str) -> jwt.PyJWK:
    """The key that a token names; keys that nobody knew yet are asked for, as directories change theirs."""
    published = _of(provider)
    if kid not in published.keys and published.keys_at + KEYS_AGAIN < time.monotonic() or not published.keys:
        published.keys_at = time.monotonic()
        entries = _ask("GET", _endpoint(provider, "jwks_uri")).get("keys", [])
        published.keys = {}
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("use", "sig") == "sig" and entry.get("kty") != "oct":
                try:
                    published.keys[str(entry.get("kid", ""))] = jwt.PyJWK.from_dict(entry)
                except jwt.PyJWTError:
                    continue  # a kind of key that we do not know; no token of ours is signed by it
    try:
        return published.keys[kid]
    except KeyError as error:
        raise DirectoryFault("key") from error


def _ask(method: str, address: str, **options: Any) -> dict[str, Any]:
    """One request to the directory: no redirects, no long wait, no endless answer."""
    try:
        with requests.request(
            method, address, timeout=TIMEOUT, allow_redirects=False, stream=True, **options
        ) as response:
            if response.status_code != 200:
                raise DirectoryFault("refused" if response.status_code < 500 else "unreachable")
            body = response.raw.read(LARGEST + 1, decode_content=True)
    except requests.RequestException as error:
        raise DirectoryFault("unreachable") from error
    except OSError as error:
        raise DirectoryFault("unreachable") from error
    try:
        answer = json.loads(body) if len(body) <= LARGEST else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise DirectoryFault("garbled")
    return answer
