"""The map's JavaScript: its own tests and its lint, run with Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node (apt-get install nodejs)")


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
def test_the_pure_functions_of_the_map_do_what_they_say():
    run("node", "--test", *map(str, sorted((ROOT / "tests" / "js").glob("*.test.js"))))


@needs_node
def test_our_javascript_keeps_the_rules():
    eslint = ROOT / "node_modules" / ".bin" / "eslint"
    if not eslint.exists():
        pytest.skip("needs eslint (npm ci)")
    run(str(eslint), "geo/app/assets", "geo/export/assets", "tests/js", "tools")
