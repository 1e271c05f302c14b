"""What a policy says of intake, and what it promises."""


def test_the_flagships_intake_asks_tables_that_decide_what_it_asks_them_for(beijing):
    intake, tables = beijing.intake, beijing.tables
    asked = {intake.type: "workflow", intake.responsible: "body", intake.hub: "body", intake.entry: "state", intake.priority: "integer"}  # fmt: skip
    assert {name: list(tables[name].outputs.values()) for name in asked} == {
        name: [kind] for name, kind in asked.items()
    }
    assert beijing.facts[intake.weight].kind.name == "integer"


def test_who_is_not_taken_in_is_told_where_the_policy_says_so(beijing):
    for refusal in beijing.intake.refusals:
        assert refusal.where.file.endswith("policy.yaml")
        assert beijing.files["policy.yaml"].splitlines()[refusal.where.line - 1].strip().startswith("- ")
        assert "type" not in refusal.when.facts


def test_a_promise_is_never_or_always_by_then(beijing):
    assert beijing.properties
    for promise in beijing.properties:
        assert promise.when.asks == (promise.within is None)
        assert set(promise.workflows) <= set(beijing.workflows)
