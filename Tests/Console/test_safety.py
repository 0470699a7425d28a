"""What tenants and callers write is shown as they wrote it, and never runs."""

import pytest
from playwright.sync_api import expect

SCRIPT = "window.taken = true"
NAMES = [f"<img src=x onerror='{SCRIPT}'>", f"<svg/onload={SCRIPT}>", f"'\"><script>{SCRIPT}</script>", f"javascript:{SCRIPT}",
         "{{constructor.constructor('" + SCRIPT + "')()}}", "${" + SCRIPT + "}"]
PAGES = ["", "requests", "keys", "teams", "budgets", "cost", "routing", "security", "alerts", "providers", "experiments",
         "playground", "billing", "settings"]


@pytest.fixture(scope="module")
def poisoned(fresh):
    """A world in which every name that somebody can choose is an attempt."""
    running = fresh()
    world = running.world
    organization = world.admin("POST", "/organizations", {"name": NAMES[0]})["id"]
    team = world.admin("POST", "/teams", {"name": NAMES[1], "organization": organization})["id"]
    project = world.admin("POST", "/projects", {"name": NAMES[2], "team": team})["id"]
    key = world.admin("POST", "/keys", {"name": NAMES[0], "project": project, "tags": [name.replace(",", "") for name in NAMES[:2]]})
    world.admin("POST", "/budgets", {"name": NAMES[1], "scope": f"team:{team}", "amount": "5", "period": "month"})
    world.admin("POST", "/users", {"name": NAMES[0], "email": "a@example.com", "roles": [{"role": "developer", "scope": f"team:{team}"}]})
    running.names = NAMES
    running.key_id = key["id"]
    for name in NAMES:
        for model in ("auto", name):
            running.call(key["key"], model=model, user=name, messages=[{"role": "user", "content": name}])
    return running


@pytest.mark.parametrize("name", PAGES)
def test_stored(poisoned, visit, name):
    watched = visit(poisoned, "/" + name)
    page = watched.page
    page.wait_for_timeout(1_200)
    assert page.evaluate("window.taken") is None
    assert page.locator("main img, main svg[onload], main script").count() == 0


def test_names_are_shown_as_they_are(poisoned, visit):
    page = visit(poisoned, "/keys").page
    expect(page.get_by_role("row").filter(has_text=NAMES[0])).to_be_visible()


@pytest.mark.parametrize("address", ["/requests?q={0}", "/keys?q={0}", "/keys/{0}", "/requests/{0}", "/cost?by={0}&model={0}", "/?from={0}&to={0}",
                                     "/sign-in?next=javascript:alert(1)", "/sign-in?next=//evil.example", "/sign-in?error={0}", "/setup#code={0}", "/sign-in#invite={0}"])
def test_reflected(poisoned, visit, address):
    watched = visit(poisoned, "/keys")
    watched.expected |= {"/api/v1/"}
    for name in NAMES[:3]:
        watched.page.goto(poisoned.address + address.format(name))
        watched.page.wait_for_timeout(300)
        assert watched.page.evaluate("window.taken") is None
        assert watched.page.url.startswith(poisoned.address)


def test_exported_cells_are_no_formulas(world, visit):
    watched = visit(world, "/keys")
    world.world.admin("POST", "/keys", {"name": "=1+cmd|'/c calc'!A0"})
    watched.page.reload()
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Export CSV").click()
    text = download.value.path().read_text("utf-8")
    assert text.startswith("\ufeff") and "'=1+cmd" in text and "\n=" not in text and ",=" not in text
