"""The admin API: resources, who may change them, and that it does as its own document says."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from jsonschema import Draft202012Validator

from gateway import BINARY, ROOT, Gateway, provider, wait_until
from http1 import call, chat
from upstream import MODELS

TOKEN = "the-admin-token"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        return self.json["error"]["code"]

    @property
    def fields(self):
        return {problem["field"] for problem in self.json["error"].get("fields", [])}


class Admin:
    """Asks the admin API of a gateway as one caller."""

    documents = {}

    def __init__(self, gateway, token=TOKEN):
        self.base, self.token = f"http://127.0.0.1:{gateway.admin_port}/api/v1", token

    def ask(self, method, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                answer = Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, error.headers, error.read())
        self.conforms(method, path.split("?")[0], answer)
        return answer

    def conforms(self, method, path, answer):
        """Holds an answer against what the gateway's own document says of it."""
        if path == "/openapi.json" or answer.status in (404, 405):
            return
        if not self.documents.get(self.base):
            with urllib.request.urlopen(f"{self.base}/openapi.json", timeout=20) as document:
                self.documents[self.base] = json.load(document)
        document = self.documents[self.base]
        # Of two templates that fit, the one without a variable is meant.
        template = sorted(
            (name for name in document["paths"]
             if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", name), f"/api/v1{path}")), key=lambda name: name.count("{")
        )[0]
        response = document["paths"][template][method.lower()]["responses"][str(answer.status)]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        if "content" not in response:
            assert answer.text == ""
            return
        schema = response["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body, **headers):
        return self.ask("POST", path, body, **headers)

    def make(self, kind, **fields):
        answer = self.post(f"/{kind}", fields)
        assert answer.status == 201, answer.text
        return answer.json


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    config = {"models": MODELS, "providers": {"fake": provider(upstream.port)}}
    environment = {"SIRA_ADMIN_TOKEN": TOKEN}
    with Gateway(tmp_path_factory.mktemp("admin"), config, environment=environment) as gateway:
        yield gateway


@pytest.fixture
def admin(gateway):
    return Admin(gateway)


def tenants(admin, name):
    organization = admin.make("organizations", name=name)["id"]
    team = admin.make("teams", name="t", organization=organization)["id"]
    return organization, team, admin.make("projects", name="p", team=team)["id"]


def test_a_team_from_its_making_to_its_end(admin):
    organization = admin.make("organizations", name="Life")["id"]
    made = admin.post("/teams", {"name": "Search", "organization": organization, "department": "R&D"})
    team = made.json
    assert made.status == 201 and made.headers["etag"] == '"1"' and team["version"] == 1
    assert admin.get(f"/teams/{team['id']}").json == team
    assert [entry["id"] for entry in admin.get(f"/teams?organization={organization}").json["data"]] == [team["id"]]
    changed = admin.ask("PATCH", f"/teams/{team['id']}", {"weight": 2, "department": None}, If_Match='"1"',
                        X_Sira_Reason="they grew")
    assert changed.status == 200 and changed.headers["etag"] == '"2"'
    assert (changed.json["weight"], changed.json["department"], changed.json["name"]) == (2, None, "Search")
    late = admin.ask("PATCH", f"/teams/{team['id']}", {"weight": 9}, If_Match='"1"')
    assert (late.status, late.code) == (412, "version_conflict")
    used = admin.ask("DELETE", f"/organizations/{organization}")
    assert (used.status, used.code) == (409, "in_use")
    assert admin.ask("DELETE", f"/teams/{team['id']}").status == 204
    assert admin.get(f"/teams/{team['id']}").status == 404
    trail = admin.get(f"/audit?subject={team['id']}").json["data"]
    assert [entry["action"] for entry in trail] == ["team.delete", "team.update", "team.create"]
    assert trail[1]["changes"] == {"weight": [1, 2], "department": ["R&D", None]}
    assert (trail[1]["actor"], trail[1]["address"], trail[1]["reason"]) == ("token:admin", "127.0.0.1", "they grew")
    assert admin.get("/audit/verify").json == {"intact": True, "first_broken": None}


def test_refusals_say_what_is_wrong(admin):
    wrong = admin.post("/teams", {"weight": "x", "color": 1})
    assert (wrong.status, wrong.code) == (422, "invalid_fields")
    assert wrong.fields == {"weight", "color", "name", "organization"}
    assert admin.get("/teams?limit=x&colour=red").fields == {"limit", "colour"}
    assert admin.get("/teams?limit=1&limit=2").status == 400
    assert admin.get("/nothing").status == 404
    put = admin.ask("PUT", "/teams", {})
    assert put.status == 405 and put.headers["allow"] == "GET, POST"
    name = {"name": "Twice"}
    assert admin.post("/organizations", name).status == 201
    assert admin.post("/organizations", name).code == "already_exists"
    assert admin.ask("POST", "/organizations", name, Content_Type="text/plain").status == 415
    assert admin.ask("POST", "/organizations", name, Origin="http://evil.example").status == 403
    assert admin.ask("DELETE", "/organizations/org_x", Sec_Fetch_Site="cross-site").status == 403
    assert admin.post("/organizations", {"name": "x" * 1_200_000}).status == 413
    assert admin.ask("PATCH", "/organizations/org_x", {}, If_Match="3").status == 400


def test_pages_hold_together(admin):
    organization = admin.make("organizations", name="Pages")["id"]
    made = [admin.make("teams", name=f"t{index}", organization=organization)["id"] for index in range(7)]
    seen, path = [], f"/teams?organization={organization}&limit=3"
    while path:
        page = admin.get(path).json
        seen += [entry["id"] for entry in page["data"]]
        assert page["has_more"] == (page["next"] is not None)
        path = page["has_more"] and f"/teams?organization={organization}&limit=3&after={page['next']}"
    assert seen == made[::-1]


def test_a_repetition_gets_the_same_answer(admin):
    body = {"name": "Once"}
    first = admin.post("/organizations", body, Idempotency_Key="k-1")
    again = admin.post("/organizations", body, Idempotency_Key="k-1")
    assert first.status == again.status == 201 and first.json == again.json
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    assert admin.post("/organizations", {"name": "Other"}, Idempotency_Key="k-1").code == "idempotency_key_reused"
    # What was refused may be tried again.
    assert admin.post("/organizations", {}, Idempotency_Key="k-2").status == 422
    assert admin.post("/organizations", {"name": "Mended"}, Idempotency_Key="k-2").status == 201
    key = admin.post("/keys", {"name": "once"}, Idempotency_Key="k-3").json
    again = admin.post("/keys", {"name": "once"}, Idempotency_Key="k-3").json
    assert key["key"].startswith("sk-sira-") and again == {**key, "key": None}


def test_a_key_from_its_making_to_its_revocation(gateway, admin):
    project = tenants(admin, "Keys")[2]
    body = {"name": "web", "project": project, "budget_usd": "5", "requests_per_minute": 600}
    made = admin.post("/keys", body)
    assert made.status == 201, made.text
    key = made.json
    assert [entry["kind"] for entry in key["made"]] == ["limit", "budget"]
    assert admin.get(f"/budgets/{key['made'][1]['id']}").json["scope"] == f"key:{key['id']}"
    shown = admin.get(f"/keys/{key['id']}")
    assert key["key"] not in shown.text and shown.json["hint"][:18] == key["key"][:18]

    model = next(iter(MODELS))

    def works(text):
        return call(gateway.port, "/v1/chat/completions", chat(model, "say 2"), text).status == 200

    assert works(key["key"])
    rotated = admin.post(f"/keys/{key['id']}/rotate", {"grace_seconds": 600}).json
    assert works(key["key"]) and works(rotated["key"])
    revoked = admin.post(f"/keys/{key['id']}/revoke", {"reason": "leaked"})
    assert revoked.status == 200 and revoked.json["revoked_at"]
    wait_until(lambda: not works(rotated["key"]) and not works(key["key"]), "the refusal of a revoked key")
    assert admin.post(f"/keys/{key['id']}/rotate", {}).code == "unfit_state"
    assert admin.post(f"/keys/{key['id']}/revoke", {}).status == 422
    trail = admin.get(f"/audit?subject={key['id']}").json["data"]
    assert [entry["action"] for entry in trail] == ["key.revoke", "key.rotate", "key.create"]
    assert trail[0]["reason"] == "leaked"
    # Texts are kept nowhere.
    for path in gateway.data.rglob("*"):
        if path.is_file():
            assert rotated["key"].encode() not in path.read_bytes()


def test_roles_end_at_their_tenant(gateway, admin):
    mine, other = tenants(admin, "Mine"), tenants(admin, "Theirs")
    user = admin.make("users", name="Anna", email="anna@example.com",
                      roles=[{"role": "admin", "scope": f"team:{mine[1]}"}])["id"]
    token = admin.post(f"/users/{user}/tokens", {"name": "laptop"}).json
    anna = Admin(gateway, token["token"])
    assert token["token"].startswith("sira-")
    assert token["token"] not in admin.get(f"/users/{user}/tokens").text
    assert anna.get("/me").json["actor"] == f"user:{user}"
    assert [entry["id"] for entry in anna.get("/teams").json["data"]] == [mine[1]]
    assert anna.get(f"/teams/{other[1]}").status == 404
    assert anna.post("/projects", {"name": "q", "team": mine[1]}).status == 201
    assert anna.post("/projects", {"name": "q", "team": other[1]}).status == 403
    assert anna.post("/organizations", {"name": "New"}).status == 403
    assert anna.get("/audit").status == 403
    assert anna.post("/users", {"name": "B", "email": "b@example.com",
                                "roles": [{"role": "owner", "scope": "gateway"}]}).status == 403
    assert anna.post("/keys", {"name": "k", "project": mine[2]}).status == 201
    assert anna.post("/keys", {"name": "k"}).status == 403
    # A token ends with its time, its revocation, and its holder.
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    brief = admin.post(f"/users/{user}/tokens", {"name": "brief", "expires_at": soon}).json["token"]
    assert Admin(gateway, brief).get("/me").status == 200
    wait_until(lambda: Admin(gateway, brief).get("/me").status == 401, "the end of a token")
    assert admin.ask("DELETE", f"/users/{user}/tokens/{token['id']}").status == 200
    assert anna.get("/me").status == 401
    third = admin.post(f"/users/{user}/tokens", {"name": "third"}).json["token"]
    assert Admin(gateway, third).get("/me").status == 200
    assert admin.ask("DELETE", f"/users/{user}").status == 204
    assert Admin(gateway, third).get("/me").status == 401


def test_callers_are_told_where_clients_reach_the_api(gateway, admin):
    bound = {"scheme": "http", "host": "127.0.0.1", "port": gateway.port}
    assert admin.get("/me").json["api"] == {"url": None, **bound}
    config = json.loads(gateway.config_path.read_text())
    config["server"] = {"public_url": "https://sira.example.com"}
    gateway.configure(config)
    wait_until(lambda: admin.get("/me").json["api"]["url"], "the new file")
    assert admin.get("/me").json["api"] == {"url": "https://sira.example.com", **bound}


def test_who_tries_many_tokens_waits(tmp_path, upstream):
    config = {"models": MODELS, "providers": {"fake": provider(upstream.port)}}
    with Gateway(tmp_path, config, environment={"SIRA_ADMIN_TOKEN": TOKEN}) as gateway:
        assert Admin(gateway, None).get("/me").status == 401
        statuses = [Admin(gateway, "wrong").get("/me").status for _ in range(12)]
        assert statuses[0] == 401 and statuses[-1] == 429
        refused = Admin(gateway).get("/me")
        assert refused.status == 429 and int(refused.headers["retry-after"]) > 0
        lines = json.loads(gateway.command("audit", "list", "--action", "auth.refused", "--json"))
        assert 1 <= len(lines) <= 12 and lines[0]["address"] == "127.0.0.1"


def test_commands_and_api_change_the_same_things(gateway, admin):
    made = json.loads(gateway.command("organizations", "create", "name=Both", "tags=a,b", "--json"))
    assert admin.get(f"/organizations/{made['id']}").json["tags"] == ["a", "b"]
    team = admin.make("teams", name="Fleet", organization=made["id"])
    assert "Fleet" in gateway.command("teams", "list", f"organization={made['id']}")
    gateway.command("teams", "update", team["id"], "weight=5", "--reason", "busy")
    assert admin.get(f"/teams/{team['id']}").json["weight"] == 5
    entry = admin.get(f"/audit?subject={team['id']}&limit=1").json["data"][0]
    assert entry["actor"].startswith("command:") and entry["reason"] == "busy"
    gateway.command("teams", "delete", "Fleet")
    assert admin.get(f"/teams/{team['id']}").status == 404
    assert json.loads(gateway.command("audit", "verify", "--json"))["intact"]


def test_a_line_of_the_trail_that_was_changed_is_found(tmp_path, upstream):
    config = {"models": MODELS, "providers": {"fake": provider(upstream.port)}}
    with Gateway(tmp_path, config) as gateway:
        admin = Admin(gateway, None)  # open to this machine without a token
        for index in range(3):
            admin.make("organizations", name=f"o{index}")
        gateway.change("DROP TRIGGER audit_stays")
        gateway.change("UPDATE audit SET actor = 'nobody' WHERE number = 2")
        assert admin.get("/audit/verify").json == {"intact": False, "first_broken": 2}
        done = subprocess.run([BINARY, "audit", "verify"], env=gateway.environment, capture_output=True, timeout=30)
        assert done.returncode == 1


def test_the_document_is_openapi_and_names_all_that_it_points_to(gateway):
    document = Admin(gateway, None).get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    text = json.dumps(document)
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert text.count(f'"#/components/schemas/{name}"') > 0, name
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_the_document_in_docs_is_the_one_that_is_served(gateway):
    path = ROOT / "docs/admin-api.openapi.json"
    text = json.dumps(Admin(gateway, None).get("/openapi.json").json, indent=2, sort_keys=True, ensure_ascii=False)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text + "\n")
    assert path.read_text() == text + "\n", "write it anew: UPDATE_GOLDEN=1 Tests/EndToEnd/run -k document_in_docs"


def test_it_does_as_its_document_says(gateway, tmp_path):
    """Asks everything that the document allows, and some that it does not."""
    # Revoking and deleting what others of these tests need is not in its reach: they have made their own.
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run",
            f"http://127.0.0.1:{gateway.admin_port}/api/v1/openapi.json",
            "--header", f"Authorization: Bearer {TOKEN}",
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
            "response_headers_conformance,unsupported_method",
            # It goes on for as long as it is read.
            "--exclude-path", "/api/v1/stream",
            "--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "1",
            # One worker: in Python 3.11 threads that parse code at once trip over each other (python/cpython#106905).
            "--generation-deterministic", "--workers", "1", "--continue-on-failure", "--no-color",
        ],
        capture_output=True, text=True, timeout=300, cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "Traceback" not in gateway.log() and "Fatal" not in gateway.log()
