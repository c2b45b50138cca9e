"""What is installed is what is in the repository: every package, every data file, and no test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import yimen

ROOT = Path(yimen.__file__).resolve().parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
NOT_INSTALLED = {"tests", "benchmarks", "docs", "examples", "build", "dist"}
# Beside code, what an installed Yimen does not read.
NO_DATA = {".py", ".pyc", ".po"}


def folders() -> list[Path]:
    """The folders of the repository that may belong to the package."""
    found = []
    for top, names, __ in os.walk(ROOT):
        relative = Path(top).relative_to(ROOT)
        names[:] = [
            name
            for name in names
            if not name.startswith((".", "__pycache__"))
            and not name.endswith(".egg-info")
            and not (relative == Path(".") and name in NOT_INSTALLED)
        ]
        found.append(Path(top))
    return found


def package_of(folder: Path) -> str:
    return ".".join(["yimen", *folder.relative_to(ROOT).parts])


PACKAGES = sorted(package_of(f) for f in folders() if (f / "__init__.py").is_file())


def test_the_list_of_packages_is_the_tree() -> None:
    assert sorted(SETUPTOOLS["packages"]) == PACKAGES
    assert len(PACKAGES) > 10


def test_every_folder_with_python_files_is_a_package() -> None:
    homeless = [
        str(folder.relative_to(ROOT))
        for folder in folders()
        if any(folder.glob("*.py")) and not (folder / "__init__.py").is_file()
    ]
    # The catalogue's tool is run from the repository and not installed.
    assert homeless == ["locale"]


def data_files() -> set[Path]:
    """Files beside the code that are read when Yimen runs."""
    inner = [folder for folder in folders() if folder != ROOT]
    files = {path for folder in inner for path in folder.iterdir() if path.is_file()}
    return {path for path in files if path.suffix not in NO_DATA} | {ROOT / "py.typed"}


def test_the_patterns_of_data_files_cover_every_one() -> None:
    covered = {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    wanted = data_files()
    assert {p.suffix for p in wanted} >= {".json", ".csv", ".mo"}
    assert sorted(str(p.relative_to(ROOT)) for p in wanted - covered) == []


def test_no_pattern_of_data_files_is_left_over() -> None:
    for package, patterns in SETUPTOOLS["package-data"].items():
        assert package in SETUPTOOLS["packages"]
        for pattern in patterns:
            folder = ROOT.joinpath(*package.split(".")[1:])
            assert pattern == "*.tcss" or list(folder.glob(pattern)), (package, pattern)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as pip builds it from a clean copy of the repository."""
    source = tmp_path_factory.mktemp("source") / "yimen"
    left_out = shutil.ignore_patterns(".*", "*.egg-info", "build", "dist", "__pycache__")
    shutil.copytree(ROOT, source, ignore=left_out)
    target = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "--quiet",
         "--disable-pip-version-check", "-w", str(target)],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    if built.returncode and "setuptools>=77" in built.stderr and "No matching" in built.stderr:
        pytest.skip("the package index cannot be reached from here")
    assert built.returncode == 0, built.stderr
    (path,) = target.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_all_packages_and_data_and_no_test(wheel: zipfile.ZipFile) -> None:
    inside = {n for n in wheel.namelist() if not n.endswith("/")}
    code = {n for n in inside if ".dist-info/" not in n}
    assert {n.split("/")[0] for n in code} == {"yimen"}
    assert not {n.split("/")[1] for n in code} & NOT_INSTALLED
    assert not [
        n for n in code if Path(n).name.startswith(("test_", "conftest")) and n[-3:] == ".py"
    ]
    modules = {
        f"yimen/{path.relative_to(ROOT)}"
        for folder in folders()
        if (folder / "__init__.py").is_file()
        for path in folder.glob("*.py")
    }
    data = {f"yimen/{path.relative_to(ROOT)}" for path in data_files()}
    assert code == modules | data


def test_the_wheel_declares_its_command_and_its_departments(wheel: zipfile.ZipFile) -> None:
    (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/entry_points.txt"))
    declared = wheel.read(name).decode()
    assert "yimen = yimen.cli:main" in declared
    for department, place in PROJECT["project"]["entry-points"]["yimen.departments"].items():
        assert f"{department} = {place}" in declared
    for folder in (ROOT / "plugins").iterdir():
        if (folder / "__init__.py").is_file():
            assert f"{folder.name} = yimen.plugins.{folder.name}:plugin" in declared


def test_what_only_a_rival_needs_is_pinned_and_never_stands_beside_yimen() -> None:
    text = (ROOT / "benchmarks" / "rivals" / "requirements.txt").read_text("utf-8")
    wanted = {re.split("[>=]", line)[0] for line in text.splitlines() if not line.startswith("#")}
    pins = (ROOT / "constraints.txt").read_text("utf-8").lower().splitlines()
    assert wanted <= {pin.split("==")[0] for pin in pins}
    extras = PROJECT["project"]["optional-dependencies"].values()
    ours = {re.split("[>=[]", line)[0] for lines in extras for line in lines}
    assert wanted - ours == {"openfisca-core"}
