"""Tables as they are read."""

import pytest

from .faults import ORDER, ROUTING, TABLES, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (ROUTING, "U,foundation,-,city,-,", "U,foundatoin,-,city,-,", "bad-test", "row 9, column 'type'"),
        (ROUTING, "U,foundation,-,city,-,beijing-registration", "U,foundation,-,city,-,beijing-registry", "unknown-name", "column '->responsible': no body 'beijing-registry'"),
        (ROUTING, "{district}-registration", "{county}-registration", "unknown-name", "tier or body fact 'county'"),
        (ROUTING, "U,foundation,-,city,-,", "U,foundation,-,city,", "bad-table", "6 cells instead of 7"),
        (ROUTING, "U,foundation,-,city,-,", "F,foundation,-,city,-,", "bad-table", "the hit policy is U, not 'F'"),
        (ROUTING, "hit,type,industry", "hit,type,trade", "unknown-fact", "no fact 'trade'"),
        (ROUTING, "hit,type", "policy,type", "bad-table", "first column must be 'hit'"),
        (ROUTING, "->responsible", "->body", "bad-table", "its outputs are"),
        (ORDER, ">= 50,1", "about 50,1", "bad-test", "column 'employees'"),
        (ORDER, ">= 50,1", ">= 50,first", "bad-table", "'first' is no integer"),
        (TABLES, "then: {type: foundation}", "then: {type: fundation}", "unknown-name", "no workflow 'fundation'"),
        (TABLES, "then: {type: foundation}", "then: {kind: foundation}", "bad-table", "gives no type"),
        (TABLES, "outputs: {state: state}", "outputs: {state: condition}", "unknown-name", "type of output"),
        (TABLES, "file: tables/hubs.csv", "file: tables/hub.csv", "bad-value", "there is no such file"),
        (TABLES, "hit: F\n    outputs: {hub: body}", "hit: Q\n    outputs: {hub: body}", "bad-value", "must be one of"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)
