"""axe finds nothing on any page, in either theme, on a wide screen and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ["", "requests", "routing", "cost", "budgets", "security", "alerts", "playground", "experiments", "providers", "keys", "teams",
         "billing", "settings", "setup"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_page(world, visit, name, width, theme):
    page = visit(world, f"/{name}", width=width, theme=theme, language="zh" if width == 390 else "en").page
    page.wait_for_load_state("load")
    page.wait_for_timeout(700)
    found = Axe().run(page, options=RULES).response["violations"]
    told = [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"][:3]]
    assert not found, "\n".join(told)
