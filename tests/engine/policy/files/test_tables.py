"""Tables as they are read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import parse
from guikou.engine.errors import BadTable, PolicyError
from guikou.engine.rules.tables import HIT_POLICIES
from guikou.engine.verify.check import check

from ...edits import rewritten
from ...verify import small
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
        (ORDER, ">= 50,1", ">= 50,null", "bad-table", "'null' is no integer"),
        (ORDER, ">= 50,1", ">= 50,1.5", "bad-table", "'1.5' is no integer"),
        (ORDER, ">= 50,1", ">= 50,true", "bad-table", "'true' is no integer"),
        (TABLES, "outputs: {support: support}", "outputs: {}", "bad-value", "outputs"),
        (TABLES, "outputs: {state: state}", "outputs: {state: condition}", "unknown-name", "type of output"),
        (TABLES, "file: tables/hubs.csv", "file: tables/hub.csv", "bad-value", "there is no such file"),
        (TABLES, "hit: F\n    outputs: {hub: body}", "hit: Q\n    outputs: {hub: body}", "bad-value", "must be one of"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


VALUES = ["null", "true", "1", "-1", "1.5", "'.5'", "'1E29'", "[1]", "{a: 1}", "2015-01-01", "'2015-02-30'", "red", "'office'", "''", '"\\"a\\""', "9007199254740992", ".nan"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    hit=st.sampled_from(list(HIT_POLICIES)),
    kind=st.sampled_from(
        ["integer", "decimal", "boolean", "string", "date", "body", "workflow", "state", "n", "c", "b"]
    ),
    outs=st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
    order=st.lists(st.sampled_from(VALUES), max_size=3),
    cells=st.lists(st.sampled_from(["-", ">= 3", "null", "not(null)", "[1..2]"]), min_size=4, max_size=4),
)
def test_whatever_a_table_gives_it_is_decided_or_refused_when_it_is_read(hit, kind, outs, order, cells):
    head = small.TABLES.replace("HIT", hit).replace("out: integer", f"out: {kind}")
    head = head.replace("[2, 3, 1]", f"[{', '.join(order)}]")
    rows = [
        f'      - {{when: {{n: "{cell}"}}, then: {{out: {out}}}}}\n' for cell, out in zip(cells, outs, strict=False)
    ]
    files = {
        "policy.yaml": small.HEAD, "areas.csv": small.AREAS, "bodies.yaml": small.BODIES,
        "tables.yaml": head + "".join(rows), "workflows/only.yaml": small.FLOW,
    }  # fmt: skip
    try:
        policy = parse(files)
    except PolicyError as error:
        refused = error
    else:
        check(policy)
        for facts in ({}, {"n": 0, "c": None, "b": True}, {"n": 5, "c": "red", "b": False}):
            policy.table("tried").evaluate(facts)
        return
    assert refused.where.file == "tables.yaml"
    assert "\n" not in refused.line("zh")


def test_a_trigger_sets_what_one_row_gives_and_a_fact_may_have(beijing):
    check_fault(
        beijing,
        TABLES,
        "then: {organization_form: joint_branch}",
        "then: {organization_form: joint}",
        "bad-value",
        "row 1",
    )
    files, _ = rewritten(
        beijing.files, TABLES, "hit: U\n    inputs: [party_members]", "hit: C\n    inputs: [party_members]"
    )
    with pytest.raises(BadTable, match="it collects") as refused:
        parse(files)
    assert refused.value.where.file.startswith("workflows/")
