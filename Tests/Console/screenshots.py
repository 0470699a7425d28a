#!/usr/bin/env python3
"""Pictures of the console for the documentation, from a running gateway: `make screenshots`."""

import os
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import Running

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
#: File, path, width, theme, language.
SHOTS = [
    ("overview", "/?range=15m", 1440, "light", "en"),
    ("overview-dark", "/?range=15m", 1440, "dark", "en"),
    ("overview-phone", "/?range=15m", 390, "light", "en"),
    ("requests", "/requests?range=15m", 1440, "light", "en"),
    ("routing", "/routing?range=15m", 1440, "light", "en"),
    ("routing-zh", "/routing?range=15m", 1440, "dark", "zh"),
    ("cost", "/cost?range=24h", 1440, "light", "en"),
    ("cost-zh", "/cost?range=24h", 1440, "light", "zh"),
    ("providers", "/providers", 1440, "dark", "en"),
    ("keys", "/keys", 1440, "light", "en"),
    ("security", "/security?range=24h", 1440, "light", "en"),
]
#: Traffic before the first picture, in seconds.
WARM_UP = int(os.environ.get("WARM_UP", "120"))


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sira-pictures-") as folder, sync_playwright() as driver:
        running = Running(folder)
        try:
            running.world.settle()
            running.begin(running.world.traffic(15))
            time.sleep(WARM_UP)
            browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
            for name, path, width, theme, language in SHOTS:
                context = browser.new_context(viewport={"width": width, "height": 900 if width > 500 else 844})
                context.add_init_script(f"localStorage.ui = JSON.stringify({{theme: '{theme}', lang: '{language}'}})")
                page = context.new_page()
                page.goto(running.address + path)
                page.wait_for_timeout(4_000)
                page.screenshot(path=IMAGES / f"{name}.png")
                context.close()
                print(f"docs/images/{name}.png", flush=True)
            browser.close()
        finally:
            running.stop()


if __name__ == "__main__":
    main()
