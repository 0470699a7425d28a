"""An identity provider that speaks OpenID Connect, as small as one can be, and as dishonest as a test wants it."""

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey


class Issuer:
    """Serves discovery, keys, the authorization endpoint and the token endpoint on a port of its own."""

    def __init__(self, client_id="sira", client_secret="s3cret", algorithm="RS256"):
        self.client_id, self.client_secret, self.algorithm = client_id, client_secret, algorithm
        self.codes, self.asked = {}, []
        #: Changes to the claims of the next tokens.
        self.claims = {}
        #: What signs in place of the key that is published.
        self.forger = None
        self.rotate()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/realms/staff"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def rotate(self):
        """Makes a new key in the place of the old one."""
        number = secrets.token_hex(4)
        parameters = {"kid": number, "use": "sig", "alg": self.algorithm}
        self.key = self.new_key(parameters)

    def new_key(self, parameters):
        if self.algorithm == "ES256":
            return ECKey.generate_key("P-256", parameters)
        return RSAKey.generate_key(2048, parameters)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def token(self, nonce):
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": self.client_id, "sub": "otto-1", "exp": now + 300, "iat": now, "nonce": nonce,
            "email": "otto@example.com", "email_verified": True, "name": "Otto", "groups": ["sira-admins"],
            **self.claims,
        }
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.forger or self.key)

    def _redeem(self, headers, form):
        expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        code = self.codes.pop(form.get("code"), None)
        if code is None or headers.get("authorization") != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != code["code_challenge"] or form.get("redirect_uri") != code["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token(code["nonce"])}

    def _handler(issuer):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self, status, body, **headers):
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": len(data), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                url = urllib.parse.urlparse(self.path)
                issuer.asked.append(url.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                base = issuer.url
                if url.path == "/realms/staff/.well-known/openid-configuration":
                    return self.answer(200, {
                        "issuer": base, "authorization_endpoint": f"{base}/authorize",
                        "token_endpoint": f"{base}/token/", "jwks_uri": f"{base}/keys?use=sig",
                    })
                if url.path == "/realms/staff/keys":
                    return self.answer(200, {"keys": [issuer.key.as_dict(private=False)]})
                if url.path == "/realms/staff/authorize":
                    assert query["response_type"] == "code" and query["client_id"] == issuer.client_id
                    assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split()
                    code = secrets.token_urlsafe(16)
                    issuer.codes[code] = query
                    back = urllib.parse.urlencode({"code": code, "state": query["state"], "iss": base})
                    return self.answer(303, {}, Location=f"{query['redirect_uri']}?{back}")
                self.answer(404, {})

            def do_POST(self):
                issuer.asked.append(self.path)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
                if self.path != "/realms/staff/token/":
                    return self.answer(404, {})
                self.answer(*issuer._redeem(self.headers, form))

        return Handler
