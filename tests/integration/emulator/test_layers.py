"""Contract of the gap `layers`: a layer is unpacked once, however many processes use it."""

import io
import json
import zipfile

import pytest

from sandbox.machine.emulator import Emulator
from tests.integration.aws import client
from tests.integration.emulator.toys import make_function, unique

pytestmark = pytest.mark.emulator

WHERE_IT_LIES = """
import os, grapes

def handler(event, context):
    return [grapes.COLOUR, os.path.realpath(grapes.__file__)]
"""


def _make_layer(emulator: Emulator, colour: str) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("python/grapes.py", f"COLOUR = {colour!r}")
    content = {"ZipFile": archive.getvalue()}
    made = client("lambda", emulator).publish_layer_version(LayerName=unique("layer"), Content=content)
    return str(made["LayerVersionArn"])


def _look(emulator: Emulator, layer: str) -> list[str]:
    function = make_function(emulator, WHERE_IT_LIES)
    functions = client("lambda", emulator)
    functions.update_function_configuration(FunctionName=function, Layers=[layer])
    looked: list[str] = json.loads(functions.invoke(FunctionName=function, Payload=b"{}")["Payload"].read())
    return looked


def test_processes_share_the_one_copy_of_a_layer(emulator: Emulator):
    layer = _make_layer(emulator, "red")
    first, second = _look(emulator, layer), _look(emulator, layer)
    assert first == second
    assert first[0] == "red"


def test_another_layer_has_a_copy_of_its_own(emulator: Emulator):
    red, white = (_look(emulator, _make_layer(emulator, colour)) for colour in ("red", "white"))
    assert (red[0], white[0]) == ("red", "white")


def test_stock_unpacks_it_for_each(stock: Emulator):
    layer = _make_layer(stock, "red")
    first, second = _look(stock, layer), _look(stock, layer)
    assert first[0] == second[0] == "red"
    assert first[1] != second[1]
