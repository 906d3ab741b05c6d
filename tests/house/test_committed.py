"""What is committed belongs to no machine: no package host, no folder of somebody's own."""

import re
import tomllib

from tests.house.tree import ROOT, committed, name_of

# With one letter in brackets, so that this file does not find itself.
HOSTS = r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.org|npmmirro[r]|/opt/pyp[i]"
FOLDERS = r"(?<!\w)/hom[e]/\w|/roo[t]/\w|/User[s]/\w|C:\\User[s]"
# Where this clone stands, and what stands beside it, is nobody else's business either.
BESIDE = [f"{path}/" for path in ROOT.parent.iterdir() if path.is_dir() and path.parts[1] != "tmp"]
OF_A_MACHINE = re.compile("|".join([HOSTS, FOLDERS, *map(re.escape, BESIDE)]))
BYTES_MAX = 1_000_000


def test_no_registry_host_or_machine_path_is_committed() -> None:
    found = []
    for path in committed():
        if path.suffix in {".png", ".jpg", ".webp", ".ico", ".gz", ".pdf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name_of(path)}: {match.group()}" for match in OF_A_MACHINE.finditer(text)]

    assert found == []


def test_nothing_big_is_committed() -> None:
    big = [name_of(path) for path in committed() if path.stat().st_size > BYTES_MAX]

    assert big == []


def test_nothing_that_is_made_at_set_up_is_committed() -> None:
    made = re.compile(r"^(\.venv|var|node_modules|static/vendor|[\w.]+\.egg-info)/|\.pyc$")

    assert [name_of(path) for path in committed() if made.search(name_of(path))] == []


def test_every_package_the_project_asks_for_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = [package for group in groups for package in group]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()

    missing = [
        package
        for package in asked
        if not re.search(rf"^{re.escape(_as_locked(package))}\S* ", locked, re.MULTILINE)
    ]

    assert missing == [], "run `make lock` and commit requirements.lock"


def test_every_package_is_locked_with_its_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = [line for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]

    assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []


def _as_locked(package: str) -> str:
    # "numpy==2.4.6; python_version < '3.12'": which Python it is for is the installer's to know.
    asked = package.partition(";")[0]
    name, _, version = re.sub(r"\[.*\]", "", asked).partition("==")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"
