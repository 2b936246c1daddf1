"""Rules of the house that no linter knows: who may read the clock, the environment, and commit."""

import ast
import subprocess
import unicodedata
from pathlib import Path

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


def test_each_file_keeps_the_rules():
    broken = {_name(path): _broken_by(path) for path in SOURCES}
    assert {name: rules for name, rules in broken.items() if rules} == {}


def _broken_by(path: Path) -> list[str]:
    name, called = _name(path), calls(path)
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    rules = {
        "only feedback/clock.py reads the clock": (
            name != "feedback/clock.py" and not called.isdisjoint(clocks)
        ),
        "only feedback/db.py commits": (
            name != "feedback/db.py" and any(each.endswith("session.commit") for each in called)
        ),
        "only config.py reads the environment": any(
            each.startswith(("os.environ", "os.getenv")) for each in called
        ),
    }
    return [rule for rule, is_broken in rules.items() if is_broken]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_texts_are_composed_unicode():
    texts = {_name(path): path.read_text(encoding="utf-8") for path in TEXTS}
    assert [
        name for name, text in texts.items() if not unicodedata.is_normalized("NFC", text)
    ] == []


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
