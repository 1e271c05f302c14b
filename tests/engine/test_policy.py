"""Every way in which a policy's files can be wrong: the code, the file, the line."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError

STAGES, BODIES, HEAD, TABLES = "workflows/stages.yaml", "bodies.yaml", "policy.yaml", "tables.yaml"
ROUTING, ORDER, AREAS = "tables/routing.csv", "tables/intake_order.csv", "areas.csv"


def broken(beijing, file, old, new):
    files = dict(beijing.files)
    assert old in files[file], f"{old} stands nowhere in {file}"
    line = files[file][: files[file].index(old)].count("\n") + 1
    files[file] = files[file].replace(old, new, 1)
    return files, line


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "intake:\n", "intakes:\n", "unknown-key", "unknown key 'intakes'; use one of: intake"),
        (HEAD, "  weight: employees", "  wieght: employees", "unknown-key", "use one of: weight"),
        (HEAD, "    minimum: 0", "    minimun: 0", "unknown-key", "minimum"),
        (HEAD, "time_zone: Asia/Shanghai", "time_zone: Asia/Peking2", "bad-value", "is no time zone"),
        (HEAD, "    type: boolean", "    type: bool", "bad-value", "must be one of"),
        (HEAD, "effective: 2015-11-27", "effective: soon", "bad-value", "effective"),
        (HEAD, "  employees:\n", "  employees: {\n", "bad-file", "cannot be read"),
        (HEAD, "  weight: employees", "  weight: industry", "bad-value", "must be an integer fact"),
        (HEAD, "  entry: entry", "  entry: entrance", "unknown-name", "no table 'entrance'"),
        (HEAD, "  hub: hubs", "  hub: form", "bad-value", "one output of type body"),
        (BODIES, "id: beijing-registration,", "id: beijing,", "duplicate-key", "'beijing' stands twice"),
        (BODIES, "kind: social_work, area: beijing,", "kind: social, area: beijing,", "unknown-name", "kind of body 'social'"),
        (BODIES, "each: street, kind: street_committee", "each: village, kind: street_committee", "unknown-name", "tier 'village'"),
        (BODIES, "area: haidian,", "area: heidian,", "unknown-name", "no area 'heidian'; use one of: haidian"),
        (BODIES, "parent: chaoyang-education,", "parent: chaoyang-educatoin,", "unknown-name", "chaoyang-education"),
        (BODIES, "kind: branch, area: chaoyang, parent: chaoyang-education", "kind: branch, area: chaoyang", "bad-tree", "'beijing' is the top already"),
        (BODIES, "valid_until: 2018-06-15", "valid_until: June", "bad-value", "valid_until"),
        (AREAS, "110101001,dongcheng-donghuamen,street,110101", "110101001,dongcheng-donghuamen,street,110199", "unknown-name", "no area '110199'"),
        (AREAS, "110101001,dongcheng-donghuamen,street,110101", "110101001,dongcheng-donghuamen,street,110101002", "bad-tree", "no higher tier"),
        (AREAS, "110101001,dongcheng-donghuamen,street", "110101001,dongcheng-jingshan,alley", "unknown-name", "no tier 'alley'"),
        (AREAS, "110101002,dongcheng-jingshan,", "110101001,dongcheng-jingshan,", "duplicate-key", "'110101001' stands twice"),
        (AREAS, "110101002,dongcheng-jingshan,street,110101,", "110101002,dongcheng-jingshan,street,", "bad-file", "5 cells instead of 6"),
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
        (STAGES, "due: {within: 6 months, then", "due: {within: half a year, then", "bad-value", "is no period"),
        (STAGES, "{trigger: send_guide,", "{trigger: send_a_guide,", "unknown-name", "title of a trigger"),
        (STAGES, "from: build.guiding, to: same", "from: build.guided, to: same", "unknown-name", "no state 'build.guided'"),
        (STAGES, "evidence: joint_agreement", "evidence: agreement", "unknown-name", "title of evidence 'agreement'"),
        (STAGES, "by: superior, evidence: withdrawal_note", "by: boss, evidence: withdrawal_note", "unknown-name", "role or body 'boss'"),
        (STAGES, "when: {party_members: 0}", "when: {members: 0}", "unknown-fact", "no fact 'members'"),
        (STAGES, "when: {party_members: 0}", "when: {party_members: none}", "bad-test", "'none' is no test of party_members"),
        (STAGES, "sets: {guide_sent: true}", "sets: {guide_sent: perhaps}", "bad-value", "'perhaps' is no boolean"),
        (STAGES, "sets: {guide_sent: true}", "sets: {guided: true}", "unknown-fact", "no fact 'guided'"),
        (STAGES, "tables: form", "tables: forms", "unknown-name", "no table 'forms'"),
        (STAGES, "extend: 3 months", "extend: a while", "bad-value", "is no period"),
        (STAGES, "workflow: stages", "workflow: stage", "unknown-name", "no other workflow 'stages'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    files, line = broken(beijing, file, old, new)
    with pytest.raises(PolicyError) as caught:
        parse(files)
    error = caught.value
    assert error.code == code
    assert words in error.line("en")
    for lang in ("zh", "en"):
        assert "\n" not in error.line(lang)
    if "extends" not in words and "other workflow" not in words:
        assert error.where.file == file
        # A fault is found on its own line, or on the nearest key around it.
        assert error.where.line is None or abs(error.where.line - line) <= (0 if file.endswith(".csv") else 5)


@pytest.mark.parametrize("file", [HEAD, BODIES, TABLES, AREAS])
def test_a_missing_file_is_named(beijing, file):
    files = {name: text for name, text in beijing.files.items() if name != file}
    with pytest.raises(PolicyError, match="there is no such file") as caught:
        parse(files)
    assert caught.value.where.file == file


def test_a_circle_of_bodies(beijing):
    files, _ = broken(
        beijing, BODIES, "id: beijing-education, kind: industry_committee, area: beijing, parent: beijing,",
        "id: beijing-education, kind: industry_committee, area: beijing, parent: chaoyang-education,",
    )  # fmt: skip
    with pytest.raises(PolicyError, match="go round in a circle"):
        parse(files)


def test_the_digest_is_of_the_content(beijing):
    crlf = {name: text.replace("\n", "\r\n") for name, text in beijing.files.items()}
    assert parse(crlf).digest == parse(beijing.files).digest == beijing.digest
    files, _ = broken(beijing, HEAD, 'version: "1.0"', 'version: "1.1"')
    assert parse(files).digest != beijing.digest


def test_a_type_replaces_what_the_shared_part_says_of_a_trigger(beijing):
    shared = beijing.workflows["private_non_enterprise"]
    own = beijing.workflows["foundation"]
    (establish,) = [one for one in own.transitions if one.trigger == "establish"]
    assert establish.evidence == ("approval_document", "registration_decision")
    assert establish.file.endswith("workflows/foundation.yaml")
    assert len(own.transitions) == len(shared.transitions)


def test_an_error_is_the_same_in_another_process():
    import pickle

    from guikou.engine.errors import UnknownCase, Where

    error = UnknownCase(case="x").at(Where("a.csv", 3))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.line("zh"), again.where) == (UnknownCase, error.line("zh"), error.where)
