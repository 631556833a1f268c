"""Ports on the loopback address: which one, and what is said when it is taken."""

import socket

import pytest

from sandbox.machine.ports import chosen_port, free_port, require_free
from sandbox.machine.problem import Problem


def test_the_port_is_4566_unless_the_variable_names_another():
    assert chosen_port({}) == 4566
    assert chosen_port({"CELLARHAND_AWS_PORT": "4600"}) == 4600


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1", "4566.0"])
def test_what_is_no_port_is_refused_in_one_line(value: str):
    with pytest.raises(Problem, match=r"^CELLARHAND_AWS_PORT must be a port number, it is .*\.$"):
        chosen_port({"CELLARHAND_AWS_PORT": value})


def test_a_taken_port_is_named_with_what_to_do():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        expected = f"^Port {port} is taken by another program: .* choose another port with MY_PORT.$"
        with pytest.raises(Problem, match=expected):
            require_free(port, "MY_PORT")


def test_a_free_port_is_no_problem():
    require_free(free_port())
