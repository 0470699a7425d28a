"""No page shows the key of a word in place of the word."""

import re

import pytest
from conftest import owner
from playwright.sync_api import expect

PAGES = ["", "requests", "routing", "routing?tab=rules", "routing?tab=models", "cost", "cost?tab=reports&period=day", "cost?tab=budgets",
         "budgets", "security", "security?tab=keys", "security?tab=audit", "alerts", "alerts?tab=rules", "playground", "experiments",
         "providers", "providers?tab=models", "keys", "teams", "teams?tab=people", "teams?tab=roles", "billing", "settings",
         "settings?tab=appearance", "setup"]
#: What keys begin with: the names of pages, and what common parts call theirs.
AREAS = r"(?:overview|requests|routing|cost|budgets|security|alerts|playground|experiments|providers|keys|teams|billing|settings|setup|" \
        r"shared|sign-in|nav|sub|group|account|range|state|error|dialog|health|palette|key|page|token|session|password|todo|table|live)"
#: Names in the configuration and of actions in the audit log look alike, and stand in letters of one width.
KEYS = f"""() => {{
    const looks = /(?:^|[\\s(])({AREAS}(?:\\.[a-z_-][\\w-]*)+)(?:$|[\\s),:;·])/, found = new Set();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = words.nextNode());) {{
        const part = node.parentElement;
        if (part.closest("script, style, code, pre, .mono, .kind, .code, option, datalist") || !part.checkVisibility()) continue;
        const match = looks.exec(node.data);
        if (match) found.add(match[1]);
    }}
    for (const part of document.querySelectorAll("[aria-label], [title], [placeholder]")) {{
        for (const name of ["aria-label", "title", "placeholder"]) {{
            const match = /^{AREAS}(\\.[a-z_-][\\w-]*)+$/.exec(part.getAttribute(name) ?? "");
            if (match && !part.closest(".mono, .kind") && !part.querySelector(".kind")) found.add(match[0]);
        }}
    }}
    return [...found];
}}"""


def keys(page) -> list[str]:
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    return page.evaluate(KEYS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_show_words(world, visit, language):
    page = visit(world, "/", language=language).page
    found = {}
    for path in PAGES:
        # Straight from the address: words that another page has brought do not help here.
        page.goto(f"{world.address}/{path}")
        expect(page.locator("main")).to_be_visible()
        found[path] = keys(page)
    assert not {path: lost for path, lost in found.items() if lost}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_shared_report_has_words(fresh, visit, browser, language):
    running = fresh()
    running.world.settle()
    running.call(running.world.keys[0], model="gpt-5")
    running.world.until_booked(1)
    page = visit(running, "/cost?tab=reports&period=day", context=owner(running, browser)).page
    expect(page.locator("article.sheet")).to_contain_text("payments")
    page.get_by_role("button", name="Share", exact=True).click()
    box = page.get_by_role("dialog", name="Share this report")
    box.get_by_label("Title").fill("For the board")
    box.get_by_role("button", name="Make a link").click()
    link = box.locator(".secret code").inner_text()
    stranger = visit(running, "/shared#" + link.split("#")[1], language=language)
    stranger.expected |= {"/reports/shared", "/api/v1/me"}
    # That nobody is signed in is told by 401.
    stranger.faults.clear()
    expect(stranger.page.locator("article.sheet")).to_contain_text("payments")
    expect(stranger.page.locator("article.sheet .badge-t").first).to_have_text(re.compile("In order|正常"))
    assert keys(stranger.page) == []
