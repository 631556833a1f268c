"""The loops of the template: expanded as AWS does, and allowed by whatever deploys it."""

import tomllib
from pathlib import Path

import pytest

from tests.template.loops import expanded

CONFIG = tomllib.loads(Path("samconfig.toml").read_text())
WINES = {
    "Mappings": {"Wines": {"Red": {"Label": "red wine"}, "White": {"Label": "white wine"}}},
    "Resources": {
        "Fn::ForEach::EveryWine": [
            "Wine",
            ["Red", "White"],
            {
                "${Wine}Cellar": {
                    "Text": {"Fn::Sub": "${Wine} of ${AWS::StackName}"},
                    "Label": {
                        "Fn::Sub": [
                            "a ${Label}",
                            {"Label": {"Fn::FindInMap": ["Wines", {"Ref": "Wine"}, "Label"]}},
                        ]
                    },
                    "Bottle": {"Ref": {"Fn::Sub": "${Wine}Bottle"}},
                    "Cork": {"Fn::GetAtt": [{"Fn::Sub": "${Wine}Bottle"}, "Cork"]},
                },
                "${Wine}Glass": "for ${Wine}",
            },
        ]
    },
}


def test_a_loop_makes_everything_it_repeats_for_each_item():
    assert set(expanded(WINES)["Resources"]) == {"RedCellar", "RedGlass", "WhiteCellar", "WhiteGlass"}


def test_the_item_is_filled_in_where_aws_fills_it_in_and_nowhere_else():
    resources = expanded(WINES)["Resources"]
    assert resources["WhiteCellar"] == {
        "Text": {"Fn::Sub": "White of ${AWS::StackName}"},
        "Label": {"Fn::Sub": "a white wine"},
        "Bottle": {"Ref": "WhiteBottle"},
        "Cork": {"Fn::GetAtt": ["WhiteBottle", "Cork"]},
    }
    assert resources["WhiteGlass"] == "for ${Wine}"


@pytest.mark.parametrize("environment", [name for name in CONFIG if name != "version"])
def test_each_environment_lets_sam_and_cloudformation_expand_loops(environment: str):
    build, deploy = (CONFIG[environment][command]["parameters"] for command in ("build", "deploy"))
    assert build["language_extensions"] is True
    assert deploy["language_extensions"] is True
    assert "CAPABILITY_AUTO_EXPAND" in deploy["capabilities"].split()
