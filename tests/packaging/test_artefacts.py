"""What `sam build` made runs without anything else: a dependency that the layer lacks shows here.

Each handler is imported with `python -S` (no site-packages), from its own folder and the two layers.
boto3 is the runtime's; a stand-in that can't do anything takes its place.
"""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

BUILD = Path(".aws-sam/build")
FUNCTIONS = sorted(path.parent.name for path in Path("functions").glob("*/app.py"))
LAYERS = [BUILD / name / "python" for name in ("DependenciesLayer", "SharedLayer")]
OWN_PACKAGES = {"settings": {"offapi"}}
"""Swagger UI's files, for the page /v1/docs."""
IMPORT = """
import sys, types
sys.modules["boto3"] = types.ModuleType("boto3")
import app
assert callable(app.lambda_handler)
files = {getattr(module, "__file__", None) for module in sys.modules.values()}
print(*sorted(filter(None, files)), sep="\\n")
"""


def folder(function: str) -> Path:
    """Where the build put a function: SAM names it by its logical id."""
    return BUILD / ("".join(part.title() for part in function.split("_")) + "Function")


def imported(function: str) -> list[Path]:
    """Files that importing the handler loads."""
    path = ":".join(str(place.resolve()) for place in (folder(function), *LAYERS))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-S", "-c", IMPORT],
        cwd=folder(function),
        env={"PATH": "", "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not LAYERS[0].is_dir():
        pytest.fail("there is no build: run `make build` first")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_imports_from_its_artefact_and_the_layers_alone(function: str):
    ours = [folder(function).resolve(), *(layer.resolve() for layer in LAYERS)]
    standard = Path(sys.base_prefix)
    strangers = [
        path
        for path in imported(function)
        if not any(path.is_relative_to(place) for place in (*ours, standard))
    ]
    assert strangers == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_artefact_holds_its_trigger_and_the_packages_of_its_own_alone(function: str):
    found = {path.name for path in folder(function).iterdir()} - {"__pycache__", ".gitignore"}
    packages = {name for name in found if name.partition("-")[0] in OWN_PACKAGES.get(function, set())}
    assert found - packages == {"app.py"} | ({"requirements.txt"} if packages else set())


def test_the_shared_layer_is_our_code_as_it_is():
    def sources(root: Path) -> dict[Path, str]:
        return {path.relative_to(root): path.read_text() for path in root.rglob("*.py")}

    assert sources(LAYERS[1]) == sources(Path("layers/shared"))


def test_the_layer_of_dependencies_leaves_boto3_to_the_runtime():
    packages = {path.name for path in LAYERS[0].iterdir()}
    assert {"pydantic", "requests", "aws_lambda_powertools", "defusedxml"} <= packages
    assert not packages & {"boto3", "botocore", "pytest", "moto"}


def test_every_module_comes_with_bytecode_that_is_never_checked_against_a_date():
    unchecked = b"\x01\x00\x00\x00"
    for root in (*LAYERS, *map(folder, FUNCTIONS)):
        compiled = list(root.rglob("*.pyc"))
        assert compiled
        assert all(path.read_bytes()[4:8] == unchecked for path in compiled)
