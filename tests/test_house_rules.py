"""Rules of the house that no linter knows: who may read the clock, the environment, and commit."""

import ast
import subprocess
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    path for top in ("feedback", "bots", "web") for path in sorted((ROOT / top).rglob("*.py"))
]
TEXTS = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    if name.endswith((".py", ".md", ".txt", ".html", ".toml", ".css", ".js", ".jsonl"))
    and "/vendor/" not in name
]


def calls(path: Path) -> set[str]:
    """The dotted names called in a file ("datetime.now", "db.session.commit")."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_keeps_the_rules(path):
    name = str(path.relative_to(ROOT))
    called = calls(path)
    if name != "feedback/clock.py":
        clocks = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
        assert not called & set(clocks), "only feedback/clock.py reads the clock"
    if name != "feedback/db.py":
        assert not {each for each in called if each.endswith("session.commit")}, (
            "only feedback/db.py commits"
        )
    assert not {each for each in called if each.startswith(("os.environ", "os.getenv"))}, (
        "only config.py reads the environment"
    )


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_are_composed_unicode(path):
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


IMPATIENT = (
    "is_visible",
    "is_hidden",
    "is_checked",
    "is_enabled",
    "is_disabled",
    "wait_for_load_state",
)


def test_what_looks_at_pages_waits_for_them():
    """Asked right after a click these answer for the page before it; `expect` waits."""
    asked = {
        path.name: sorted({call for call in calls(path) if call.endswith(IMPATIENT)})
        for path in (ROOT / "tests").rglob("*.py")
        if "playwright" in path.read_text(encoding="utf-8")
    }
    assert {name: found for name, found in asked.items() if found} == {}
