"""Signing in to the web console: first run, sessions, second factor, invitations, single sign-on, and who gets in nowhere."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.parse

import httpx
import pytest

from gateway import Gateway, free_port, provider, wait_until
from issuer import Issuer

PASSWORD = "a sentence that nobody guesses"


def code_of(secret, ahead=0):
    """What an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Browser(httpx.Client):
    """A browser with the console open: keeps cookies, and sends what the console sends."""

    def __init__(self, gateway, **headers):
        super().__init__(base_url=f"http://127.0.0.1:{gateway.admin_port}", timeout=30)
        self.sent = {"x-sira-console": "1", "sec-fetch-site": "same-origin", **headers}

    def ask(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        everything = {name: value for name, value in {**self.sent, **named}.items() if value is not None}
        return self.request(method, f"/api/v1{path}", json=body, headers=everything)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, {} if body is None else body, **headers)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    @property
    def session(self):
        return self.cookies.get("sira_session")


def set_up_code(gateway):
    found = wait_until(lambda: re.findall(r"/setup#code=([\w-]{43})", gateway.log()), "the set-up link")
    return found[-1]


@pytest.fixture
def fresh(tmp_path):
    """A gateway that nobody owns."""
    with Gateway(tmp_path / "sira", {"providers": {"fake": provider(free_port())}}) as gateway:
        yield gateway


def owner(gateway):
    browser = Browser(gateway)
    answer = browser.post(
        "/setup",
        {"code": set_up_code(gateway), "name": "Anna", "email": "anna@example.com", "password": PASSWORD,
         "language": "zh-CN", "time_zone": "Asia/Shanghai", "currency": "CNY"},
    )
    assert answer.status_code == 200, answer.text
    return browser


@pytest.fixture(scope="module")
def owned(tmp_path_factory):
    """A gateway and its owner's browser."""
    with Gateway(tmp_path_factory.mktemp("owned"), {"providers": {"fake": provider(free_port())}}) as gateway:
        gateway.owner = owner(gateway)
        yield gateway


def invited(gateway, email, roles):
    """Makes a user with these roles and gives a browser in which they are signed in, and their id."""
    user = gateway.owner.post("/users", {"name": email.split("@")[0], "email": email, "roles": roles}).json()
    link = gateway.owner.post(f"/users/{user['id']}/invitation").json()["link_path"]
    guest = Browser(gateway)
    answer = guest.post("/invitation", {"token": link.split("invite=")[1], "password": PASSWORD})
    assert answer.status_code == 200 and answer.json() == {"state": "signed_in"}, answer.text
    return guest, user["id"]


def test_the_first_run_makes_an_owner_and_closes_the_door(fresh):
    stranger = Browser(fresh)
    assert stranger.get("/sign-in").json() == {"setup_needed": True, "password": True, "local": True, "providers": []}
    # Until then this machine may do everything, as ever.
    assert stranger.get("/teams").status_code == 200
    assert stranger.get("/me").json()["sign_in"] == "local"
    code = set_up_code(fresh)
    weak = {"code": code, "name": "Anna", "email": "anna@example.com", "password": "password1234"}
    refused = stranger.post("/setup", weak)
    assert refused.status_code == 422 and refused.json()["error"]["fields"][0]["field"] == "password"
    assert stranger.post("/setup", {**weak, "code": "wrong"}).json()["error"]["code"] == "wrong_code"

    browser = owner(fresh)
    me = browser.get("/me").json()
    assert me["user"]["email"] == "anna@example.com" and me["sign_in"] == "session"
    assert me["roles"] == [{"role": "owner", "scope": "gateway"}] and "settings:write" in me["permissions"]
    assert me["account"]["preferences"] == {"language": "zh-CN", "time_zone": "Asia/Shanghai", "currency": "CNY"}
    assert browser.post("/organizations", {"name": "Acme"}).status_code == 201

    # Nobody else gets in any more, at any door.
    for path in ("/api/v1/teams", "/api/v1/me", "/api/v1/audit", "/api/status", "/api/health", "/api/experiments", "/metrics"):
        assert stranger.request("GET", path).status_code == 401, path
    assert stranger.request("GET", "/health/live").status_code == 200
    assert stranger.post("/organizations", {"name": "Evil"}).status_code == 401
    assert stranger.post("/setup", {**weak, "password": PASSWORD}).json()["error"]["code"] == "already_set_up"
    assert stranger.get("/sign-in").json() == {"setup_needed": False, "password": True, "local": False, "providers": []}
    for path in ("/api/status", "/api/health", "/api/experiments"):
        assert browser.request("GET", path).status_code == 200, path

    # The code is of no use later, and is not printed again.
    start = len(fresh.log())
    fresh.stop()
    fresh.start()
    assert browser.get("/me").status_code == 200, "sessions outlast a restart"
    assert "/setup#code=" not in fresh.log()[start:]


def test_commands_go_on_working_on_the_gateways_own_machine(owned):
    assert json.loads(owned.command("health", "--json")) is not None
    link = json.loads(owned.command("invite", "anna@example.com", "--json"))["link"]
    assert re.fullmatch(rf"http://127\.0\.0\.1:{owned.admin_port}/sign-in#invite=[\w-]{{43}}", link)


def test_the_cookie_is_out_of_reach(fresh):
    browser = Browser(fresh)
    body = {"code": set_up_code(fresh), "name": "Anna", "email": "anna@example.com", "password": PASSWORD}
    header = browser.post("/setup", body).headers["set-cookie"]
    parts = {part.strip().split("=")[0].lower() for part in header.split(";")}
    assert {"httponly", "samesite", "path", "max-age"} <= parts and "SameSite=Strict" in header and "domain" not in parts
    assert re.match(r"sira_session=[\w-]{43};", header)
    # Over TLS the name forbids other hosts to set it.
    secure = Browser(fresh, **{"x-forwarded-proto": "https"})
    header = secure.post("/session", {"email": "anna@example.com", "password": PASSWORD}).headers["set-cookie"]
    assert header.startswith("__Host-sira_session=") and header.endswith("; Secure")
    text = header.split("=", 1)[1].split(";")[0]
    assert secure.get("/me", cookie=f"__Host-sira_session={text}").status_code == 200
    assert secure.get("/me", cookie=f"sira_session={text}").status_code == 401
    # Neither text nor password are kept anywhere.
    for secret in (text, PASSWORD, browser.session):
        assert secret not in fresh.log()
        assert secret.encode() not in fresh.database.read_bytes()


def test_other_sites_cannot_use_the_session(owned):
    browser = owned.owner
    body = {"name": "Elsewhere"}
    for headers in (
        {"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"},
        {"x_sira_console": None}, {"x_sira_console": "0"},
    ):
        answer = browser.post("/organizations", body, **headers)
        assert answer.status_code == 403, headers
        assert answer.json()["error"]["code"] in ("cross_site", "console_header_missing")
    assert browser.ask("DELETE", "/organizations/org_none", x_sira_console=None).status_code == 403
    drain = {"deployment": "fake/model"}
    answer = browser.request("POST", "/api/health/drain", json=drain, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403 and answer.json()["error"]["code"] == "console_header_missing"
    # A page elsewhere cannot sign anybody in as somebody of its choice either.
    answer = Browser(owned).post("/session", {"email": "a@b.de", "password": "x"}, origin="https://evil.example")
    assert answer.status_code == 403
    assert browser.get("/organizations").json()["data"] == []
    assert browser.post("/organizations", body, origin=f"http://127.0.0.1:{owned.admin_port}").status_code == 201


def test_nobody_can_foist_a_session(owned):
    browser = Browser(owned)
    foisted = "A" * 43
    browser.cookies.set("sira_session", foisted, domain="127.0.0.1", path="/")
    answer = browser.post("/session", {"email": "anna@example.com", "password": PASSWORD})
    text = re.match(r"sira_session=([\w-]{43})", answer.headers["set-cookie"])[1]
    assert text != foisted
    for known in (foisted, f"{foisted}; sira_session={text}"):
        assert Browser(owned).get("/me", cookie=f"sira_session={known}").status_code == 401
    # Signing in again gives another one and ends the one before.
    second = Browser(owned)
    answer = second.post("/session", {"email": "anna@example.com", "password": PASSWORD}, cookie=f"sira_session={text}")
    assert answer.status_code == 200
    assert Browser(owned).get("/me", cookie=f"sira_session={text}").status_code == 401


def test_passwords_cannot_be_tried_through(fresh):
    owner(fresh)
    attacker = Browser(fresh)
    answers = []
    for index in range(8):
        answers.append(attacker.post("/session", {"email": "anna@example.com", "password": f"guess number {index}"}))
    statuses = [answer.status_code for answer in answers]
    assert statuses[:5] == [401] * 5 and 429 in statuses[5:], statuses
    assert int(next(answer for answer in answers if answer.status_code == 429).headers["retry-after"]) >= 1
    assert {answer.json()["error"]["code"] for answer in answers} == {"wrong_credentials", "too_many_attempts"}
    unknown = Browser(fresh).post("/session", {"email": "nobody@example.com", "password": "guess number 1"})
    assert unknown.status_code == 401 and unknown.text == answers[0].text
    refusals = fresh.query("SELECT * FROM audit WHERE action = 'user.sign_in_refused'")
    assert refusals and all(row["address"] == "127.0.0.1" for row in refusals)
    assert "guess number" not in json.dumps(fresh.query("SELECT changes, subject, reason FROM audit"))


def test_signing_out_and_ending_other_sessions(owned):
    first, second = Browser(owned), Browser(owned)
    for browser in (first, second):
        browser.post("/session", {"email": "anna@example.com", "password": PASSWORD})
    sessions = first.get("/sessions").json()["sessions"]
    assert sum(session["current"] for session in sessions) == 1 and len(sessions) >= 3
    assert all(session["user"]["email"] == "anna@example.com" for session in sessions)
    own = second.get("/me").json()["session"]
    assert first.ask("DELETE", f"/sessions/{own}").status_code == 204
    assert second.get("/me").status_code == 401
    assert first.ask("DELETE", f"/sessions/{own}").status_code == 404
    text = first.session
    assert first.ask("DELETE", "/session").status_code == 204 and not first.session
    assert Browser(owned).get("/me", cookie=f"sira_session={text}").status_code == 401


def test_a_second_factor(owned):
    browser, _ = invited(owned, "zwei@example.com", [{"role": "developer"}])
    assert browser.post("/me/second-factor/confirm", {"code": "123456"}).status_code == 409
    for body in ({}, {"current": "not the password at all"}):
        refused = browser.post("/me/second-factor", body)
        assert refused.status_code == 422 and refused.json()["error"]["code"] == "wrong_credentials"
    factor = browser.post("/me/second-factor", {"current": PASSWORD}).json()
    assert factor["uri"].startswith("otpauth://totp/Sira:zwei@example.com?secret=" + factor["secret"])
    assert browser.get("/me").json()["account"]["has_second_factor"] is False
    assert browser.post("/me/second-factor/confirm", {"code": "000000"}).status_code == 422
    codes = browser.post("/me/second-factor/confirm", {"code": code_of(factor["secret"])}).json()["recovery_codes"]
    assert len(set(codes)) == 10

    second = Browser(owned)
    credentials = {"email": "zwei@example.com", "password": PASSWORD}
    assert second.post("/session", credentials).json() == {"state": "second_factor"}
    before = second.session
    for path in ("/me", "/teams", "/sessions"):
        assert second.get(path).status_code == 401, path
    # The code that confirmed it is used up; the next one is taken a step early.
    assert second.post("/session/second-factor", {"code": code_of(factor["secret"])}).status_code in (200, 401)
    if second.get("/me").status_code == 401:
        assert second.post("/session/second-factor", {"code": code_of(factor["secret"], 1)}).json() == {"state": "signed_in"}
    assert second.session != before and second.get("/me").status_code == 200

    third = Browser(owned)
    third.post("/session", credentials)
    assert third.post("/session/second-factor", {"code": codes[0]}).json() == {"state": "signed_in"}
    fourth = Browser(owned)
    fourth.post("/session", credentials)
    assert fourth.post("/session/second-factor", {"code": codes[0]}).json()["error"]["code"] == "wrong_credentials"
    assert third.get("/me").json()["account"]["recovery_codes"] == 9
    assert third.ask("DELETE", "/me/second-factor", {"password": "wrong"}).status_code == 422
    assert third.ask("DELETE", "/me/second-factor", {"password": PASSWORD}).status_code == 204
    assert Browser(owned).post("/session", credentials).json() == {"state": "signed_in"}


def test_a_new_password_ends_the_other_sessions(owned):
    browser, user = invited(owned, "neu@example.com", [])
    other = Browser(owned)
    other.post("/session", {"email": "neu@example.com", "password": PASSWORD})
    new = "yet another long sentence"
    assert browser.post("/me/password", {"current": "wrong", "new": new}).status_code == 422
    assert browser.post("/me/password", {"current": PASSWORD, "new": "short"}).status_code == 422
    assert browser.post("/me/password", {"current": PASSWORD, "new": new}).status_code == 204
    assert browser.get("/me").status_code == 200 and other.get("/me").status_code == 401
    # Whoever is switched off is out at once.
    assert owned.owner.ask("PATCH", f"/users/{user}", {"active": False}).status_code == 200
    assert browser.get("/me").status_code == 401
    # And has to sign in anew when switched on.
    assert owned.owner.ask("PATCH", f"/users/{user}", {"active": True}).status_code == 200
    assert browser.get("/me").status_code == 401
    assert browser.post("/session", {"email": "neu@example.com", "password": new}).status_code == 200


def test_an_admin_token_goes_on_working_beside_sessions(tmp_path):
    config = {"providers": {"fake": provider(free_port())}, "admin": {"token": "the-admin-token"}}
    with Gateway(tmp_path / "sira", config) as gateway:
        stranger = Browser(gateway)
        assert stranger.get("/sign-in").json()["local"] is False and stranger.get("/me").status_code == 401
        browser = owner(gateway)
        token = {"authorization": "Bearer the-admin-token"}
        assert browser.get("/me", **token).json()["sign_in"] == "admin-token", "the token goes before the cookie"
        assert browser.get("/me", authorization="Bearer wrong").status_code == 401
        # With a token no header of the console is needed.
        assert stranger.post("/organizations", {"name": "A"}, x_sira_console=None, **token).status_code == 201
        assert stranger.request("GET", "/metrics", headers=token).status_code == 200


def test_every_role_may_do_what_its_permissions_say_and_no_more(owned):
    """Asks every endpoint as every built-in role; whoever may not gets 403, all others anything else."""
    document = owned.owner.get("/openapi.json").json()
    roles = {role["name"]: set(role["permissions"]) for role in owned.owner.get("/built-in-roles").json()["data"]}
    asked = 0
    for role, permissions in roles.items():
        browser, _ = invited(owned, f"{role}@example.com", [{"role": role, "scope": "gateway"}])
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if operation["operationId"] in LEFT_OUT:
                    continue
                needed = re.search(r"Needs `([a-z]+:[a-z]+)`", operation.get("description", ""))
                url = re.sub(r"\{\w+\}", "none", path).removeprefix("/api/v1")
                # Nothing that is well-formed, so that nothing is changed: what is asked is who gets that far.
                content = None if method in ("get", "delete") else "not json"
                headers = {**browser.sent, "content-type": "application/json"}
                answer = browser.request(
                    method.upper(), f"/api/v1{url}", content=content, headers=headers if content else browser.sent
                )
                lacks = needed is not None and needed[1] not in permissions
                code = answer.json()["error"]["code"] if answer.status_code == 403 else None
                told = f"{role} {method} {path}: {answer.status_code} {answer.text[:200]}"
                assert (answer.status_code == 403 and "This needs the permission" in answer.text) == lacks, told
                assert answer.status_code not in (401, 500), told
                assert lacks or code in (None, "forbidden", "plan_feature"), told
                asked += 1
    assert asked > 500


#: Streams, which do not end, and what ends or begins the session that asks.
LEFT_OUT = {"sign_out", "stream", "get_stream", "set_up", "sign_in", "show_second_factor", "accept_invitation"}


# MARK: single sign-on


@pytest.fixture(params=["RS256", "ES256"])
def company(request, tmp_path):
    """A gateway whose people an identity provider vouches for."""
    issuer = Issuer(algorithm=request.param)
    sign_in = {
        "oidc": [
            {"id": "company", "name": "Company account", "issuer": issuer.url, "client_id": "sira",
             "client_secret": "s3cret", "roles": {"claim": "groups", "map": {"sira-admins": "admin", "money": "billing"}}}
        ]
    }
    config = {"providers": {"fake": provider(free_port())}, "admin": {"sign_in": sign_in}}
    with Gateway(tmp_path / "sira", config) as gateway:
        gateway.issuer = issuer
        gateway.owner = owner(gateway)
        yield gateway
    issuer.close()


def pass_by(gateway, browser=None, change=lambda url: url):
    """Goes to the provider and back; gives the browser and the last answer of the gateway."""
    browser = browser or Browser(gateway)
    start = browser.request("GET", "/auth/oidc/company")
    assert start.status_code == 303, start.text
    there = httpx.get(start.headers["location"])
    assert there.status_code == 303
    back = change(there.headers["location"])
    assert back.startswith(f"http://127.0.0.1:{gateway.admin_port}/auth/oidc/company/callback?")
    return browser, browser.request("GET", back.split(str(gateway.admin_port))[1])


def test_single_sign_on(company):
    ways = Browser(company).get("/sign-in").json()["providers"]
    assert ways == [{"id": "company", "name": "Company account", "start": "/auth/oidc/company"}]
    browser, answer = pass_by(company)
    assert answer.status_code == 303 and answer.headers["location"] == "/", company.log()[-2000:]
    me = browser.get("/me").json()
    assert me["user"]["email"] == "otto@example.com" and me["roles"] == [{"role": "admin", "scope": "gateway"}]
    assert me["account"]["has_password"] is False
    assert Browser(company).get("/teams").status_code == 401, "somebody can sign in, so the door is closed"
    # Roles follow the groups, and new keys are found.
    company.issuer.rotate()
    company.issuer.claims = {"groups": ["money"]}
    again, answer = pass_by(company)
    assert answer.headers["location"].startswith("/sign-in?error=") or again.get("/me").status_code == 200
    assert [entry["action"] for entry in company.query("SELECT action FROM audit")].count("user.vouched_for") == 1


@pytest.mark.parametrize(
    "claims",
    [{"groups": []}, {"aud": "another"}, {"exp": 1000}, {"nonce": "another"}, {"iss": "http://evil.example"},
     {"email": None}, {"azp": "another"}, {"email_verified": False}],
    ids=lambda claims: next(iter(claims)),
)
def test_what_the_provider_does_not_say_lets_nobody_in(company, claims):
    company.issuer.claims = claims
    browser, answer = pass_by(company)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?error=")
    assert browser.session is None and company.query("SELECT * FROM accounts WHERE issuer IS NOT NULL") == []


def test_forged_and_foreign_answers_let_nobody_in(company):
    issuer = company.issuer
    issuer.forger = issuer.new_key({"kid": issuer.key.kid})
    assert pass_by(company)[1].headers["location"] == "/sign-in?error=provider_failed"
    issuer.forger = None
    _, answer = pass_by(company, change=lambda url: re.sub(r"state=[^&]+", "state=another", url))
    assert answer.headers["location"] == "/sign-in?error=provider_failed"
    # An answer that somebody else fetched is not taken by a browser that never left.
    there = httpx.get(Browser(company).request("GET", "/auth/oidc/company").headers["location"])
    answer = Browser(company).request("GET", there.headers["location"].split(str(company.admin_port))[1])
    assert answer.headers["location"] == "/sign-in?error=provider_failed"
    assert Browser(company).request("GET", "/auth/oidc/nobody").status_code == 404
    assert company.query("SELECT * FROM accounts WHERE issuer IS NOT NULL") == []
    # Any page can have browsers come here: that keeps nobody behind their address waiting, and fills no trail.
    lines = len(company.query("SELECT action FROM audit"))
    for _ in range(30):
        answer = Browser(company).request("GET", "/auth/oidc/company/callback?state=x&code=y")
        assert answer.headers["location"] == "/sign-in?error=provider_failed"
    assert len(company.query("SELECT action FROM audit")) == lines
    assert pass_by(company)[1].headers["location"] == "/"


def test_nobody_is_vouched_for_before_the_owner(tmp_path):
    issuer = Issuer()
    way = {"id": "company", "issuer": issuer.url, "client_id": "sira", "client_secret": "s3cret"}
    config = {"providers": {"fake": provider(free_port())}, "admin": {"sign_in": {"oidc": [way]}}}
    with Gateway(tmp_path / "sira", config) as gateway:
        browser, answer = pass_by(gateway)
        assert answer.headers["location"] == "/sign-in?error=not_admitted" and browser.session is None
        assert Browser(gateway).get("/sign-in").json()["setup_needed"] is True
        owner(gateway)
        browser, answer = pass_by(gateway)
        assert answer.headers["location"] == "/" and browser.get("/me").json()["roles"] == []
    issuer.close()


def test_a_second_factor_after_single_sign_on(company):
    browser, _ = pass_by(company)
    factor = browser.post("/me/second-factor").json()
    codes = browser.post("/me/second-factor/confirm", {"code": code_of(factor["secret"])}).json()["recovery_codes"]
    browser, answer = pass_by(company)
    assert answer.headers["location"] == "/sign-in?step=second-factor" and browser.get("/me").status_code == 401
    assert browser.post("/session/second-factor", {"code": codes[0]}).json() == {"state": "signed_in"}
    # There is no password to show, so it goes by a code.
    assert browser.ask("DELETE", "/me/second-factor", {}).status_code == 422
    assert browser.ask("DELETE", "/me/second-factor", {"code": codes[1]}).status_code == 204
    assert pass_by(company)[1].headers["location"] == "/"


def test_tokens_of_people_open_what_the_console_reads(owned):
    user = owned.owner.post("/users", {"name": "T", "email": "t@example.com", "roles": [{"role": "auditor"}]}).json()
    token = owned.owner.post(f"/users/{user['id']}/tokens", {"name": "console"}).json()["token"]
    for path in ("/api/status", "/api/health", "/api/experiments"):
        assert Browser(owned).request("GET", path, headers={"authorization": f"Bearer {token}"}).status_code == 200, path
