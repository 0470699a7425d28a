"""The console's own modules: types, style, and their tests."""

import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
DENO = Path(sys.executable).with_name("deno")


@pytest.mark.parametrize("what", [["check", "assets/app.js", *sorted(str(page.relative_to(WEB)) for page in WEB.glob("assets/pages/*.js"))],
                                  ["lint"], ["test", "--allow-read", "--no-check"]], ids=["types", "style", "tests"])
def test_modules(what):
    told = subprocess.run([DENO, *what], cwd=WEB, capture_output=True, text=True, env={"NO_COLOR": "1", "PATH": "", "HOME": "/tmp"})
    assert told.returncode == 0, (told.stdout + told.stderr)[-4_000:]
