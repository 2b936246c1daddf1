"""Refresh web/static/vendor/ from the npm packages that package.json names: `make vendor`.

The results are committed, so that neither a user nor the test suite needs Node. Scripts and fonts
carry their package's version in the file name: our modules import them without a query string.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "web" / "static" / "vendor"
PACKAGES: dict[str, str] = json.loads((ROOT / "package.json").read_text())["devDependencies"]

GOVUK, MOJ = "govuk-frontend", "@ministryofjustice/frontend"
FONT, HTMX, LEAFLET = "@fontsource/be-vietnam-pro", "htmx.org", "leaflet"

# package, file inside it, name in vendor/ ({v} is the package's version)
COPIES = [
    (GOVUK, "dist/govuk/govuk-frontend.min.js", "govuk-frontend-{v}.min.js"),
    (MOJ, "moj/moj-frontend.min.js", "moj-frontend-{v}.min.js"),
    (HTMX, "dist/htmx.min.js", "htmx-{v}.min.js"),
    (HTMX, "LICENSE", "LICENSE.htmx.txt"),
    (LEAFLET, "dist/leaflet.js", "leaflet/leaflet.js"),
    (LEAFLET, "dist/leaflet.css", "leaflet/leaflet.css"),
    (LEAFLET, "LICENSE", "leaflet/LICENSE.txt"),
    (FONT, "LICENSE", "fonts/LICENSE.txt"),
    *(
        (LEAFLET, f"dist/images/{name}.png", f"leaflet/images/{name}.png")
        for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
    ),
    *(
        (MOJ, f"moj/assets/images/{name}.svg", f"images/{name}.svg")
        for name in (
            "icon-close-cross-black", "icon-document", "icon-progress-tick",
            "icon-tag-remove-cross", "icon-tag-remove-cross-white", "icon-toggle-plus-minus",
        )
    ),
]  # fmt: skip
STYLES = ("public", "desk")  # tools/kit/*.scss
LETTERS = [(subset, weight) for subset in ("latin", "vietnamese") for weight in (400, 600)]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]


def install(folder: Path) -> Path:
    """The packages at their exact versions, and none of their scripts run."""
    shutil.copy(ROOT / "package.json", folder)
    _run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    return folder / "node_modules"


def copy(modules: Path) -> None:
    VENDOR.mkdir(parents=True)
    shutil.copyfile(ROOT / "tools" / "kit" / "LICENSE.txt", VENDOR / "LICENSE.govuk-moj.txt")
    for package, source, name in COPIES:
        target = VENDOR / name.format(v=PACKAGES[package])
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".js":
            target.write_text(_without_source_map((modules / package / source).read_text()))
        else:
            shutil.copyfile(modules / package / source, target)


def compile_styles(modules: Path) -> None:
    for name in STYLES:
        _run(
            str(modules / ".bin" / "sass"), "--style=compressed", "--no-charset",
            "--no-source-map", "--quiet-deps", f"--load-path={modules.parent}",
            str(ROOT / "tools" / "kit" / f"{name}.scss"), str(VENDOR / f"kit-{name}.css"),
        )  # fmt: skip


def thin_letters(modules: Path) -> None:
    """The font files at half their weight: the automatic hints go, which telephones ignore."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(hinting=False, layout_features=FEATURES, flavor="woff2", notdef_outline=True)
    for subset, weight in LETTERS:
        source = modules / FONT / "files" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
        font = load_font(str(source), options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap())
        subsetter.subset(font)
        _smooth_without_hints(font)
        name = f"be-vietnam-pro-{subset}-{weight}-{PACKAGES[FONT]}.woff2"
        save_font(font, str(VENDOR / "fonts" / name), options)


def _smooth_without_hints(font: Any) -> None:
    """What Windows needs to draw an unhinted font smoothly: grey scales at every size, and
    dropout control switched on."""
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables.ttProgram import Program

    font["gasp"] = newTable("gasp")
    font["gasp"].version = 1
    font["gasp"].gaspRange = {0xFFFF: 0x000F}
    font["prep"] = newTable("prep")
    font["prep"].program = Program()
    font["prep"].program.fromAssembly(
        ["PUSHW[]", "511", "SCANCTRL[]", "PUSHB[]", "4", "SCANTYPE[]"]
    )


def _without_source_map(script: str) -> str:
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", script)


def _run(*command: str, cwd: Path | None = None) -> None:
    subprocess.run(command, cwd=cwd, check=True)  # noqa: S603


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        modules = install(Path(folder))
        copy(modules)
        thin_letters(modules)
        compile_styles(modules)


if __name__ == "__main__":
    main()
