"""A small directory that speaks OpenID Connect, as a process of its own; it checks what we send strictly.

`python -m tests.casework.directory_server` prints its port. POST /control (JSON) says who signs in and what goes wrong.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "fallarbeit", "ein:geheimnis/mit+zeichen"
KEYS = {"r1": rsa.generate_private_key(65537, 2048), "e1": ec.generate_private_key(ec.SECP256R1())}
STRANGER = rsa.generate_private_key(65537, 2048)
ALGORITHM = {"r1": "RS256", "e1": "ES256"}

codes: dict[str, dict[str, Any]] = {}
seen: list[dict[str, Any]] = []
control: dict[str, Any] = {}


def jwks() -> dict[str, Any]:
    published = []
    for kid, key in KEYS.items():
        kind = jwt.algorithms.RSAAlgorithm if ALGORITHM[kid] == "RS256" else jwt.algorithms.ECAlgorithm
        published.append(
            kind.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": ALGORITHM[kid]}
        )
    if control.get("keys") == "none":
        published = []
    published.append({"kty": "future", "kid": "f1"})
    return {"keys": published}


class Directory(BaseHTTPRequestHandler):
    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, body: Any, status: int = 200) -> None:
        text = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            methods = control.get("methods", ["client_secret_basic"])
            endpoints = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            base = {"issuer": control.get("issuer", self.issuer), "jwks_uri": f"{self.issuer}/jwks"}
            self.answer(
                {**endpoints, **base, "token_endpoint_auth_methods_supported": methods, **control.get("meta", {})}
            )
        elif path == "/jwks":
            self.answer(jwks())
        elif path == "/seen":
            self.answer(seen)
        elif path == "/authorization":
            asked = {name: values[0] for name, values in query.items()}
            seen.append(asked)
            code = secrets.token_urlsafe(16)
            codes[code] = asked
            back = {"code": code, "state": asked["state"], "iss": self.issuer} | control.get("back", {})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/control":
            control.clear()
            control.update(json.loads(body))
            self.answer({})
        elif self.path == "/token":
            self.token({name: values[0] for name, values in parse_qs(body).items()})

    def token(self, form: dict[str, str]) -> None:
        if control.get("token") == "fails":
            self.answer("<html>", 500)
            return
        if control.get("token") == "garbled":
            self.answer("<html>")
            return
        asked = codes.pop(form.get("code", ""), None)
        if asked is None or form.get("grant_type") != "authorization_code" or not self.is_our_client(form):
            self.answer({"error": "invalid_grant"}, 400)
            return
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = challenge == asked.get("code_challenge") and form.get("redirect_uri") == asked["redirect_uri"]
        if not same or asked.get("code_challenge_method") != "S256" or asked.get("response_type") != "code":
            self.answer({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": control.get("sub", "id-1"),
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "groups": ["Administrators"],
        } | control.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        self.answer({"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)})

    def is_our_client(self, form: dict[str, str]) -> bool:
        if "client_secret_basic" in control.get("methods", ["client_secret_basic"]):
            given = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            name, _, secret = given.partition(":")
            return (unquote(name), unquote(secret)) == (CLIENT, SECRET)
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)

    def signed(self, claims: dict[str, Any]) -> str:
        how = control.get("sign", "r1")
        if how in KEYS:
            return jwt.encode(claims, KEYS[how], ALGORITHM[how], headers={"kid": how})
        if how == "none":
            return jwt.encode(claims, None, "none", headers={"kid": "r1"})
        if how == "shared":  # signed with our own secret, which the provider shares with us
            return jwt.encode(claims, SECRET * 2, "HS256", headers={"kid": "r1"})
        if how == "stranger":
            return jwt.encode(claims, STRANGER, "RS256", headers={"kid": "r1"})
        if how == "new key":
            KEYS.setdefault("r2", rsa.generate_private_key(65537, 2048))
            ALGORITHM["r2"] = "RS256"
            return jwt.encode(claims, KEYS["r2"], "RS256", headers={"kid": "r2"})
        return str(how)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Directory)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
