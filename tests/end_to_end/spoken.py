"""Every command of the command line, each with its help and with examples that work and that are refused, run in one
language; as JSON on standard output. A process each: what a module says is made when it is imported."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import click
from stdnum.cn import uscc


def code(beginning):
    return beginning + uscc.calc_check_digit(beginning)


SCHOOL, STAR, CHARITY = (code(one) for one in ("52110105MJ0123456", "52110105MJ0123457", "53110108MJ0123458"))
LACKING, OTHER = code("53110108MJ0123452"), code("53110108MJ0123453")
REGISTERED, RENAMED = code("52110105MJ0123459"), code("53110108MJ0123451")
BY, REGISTRY = ("--as", "朝阳区委教育工作委员会"), ("--as", "chaoyang-registration")
HEADING = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
ROWS = [
    f"{SCHOOL},朝阳区启明学校,chaoyang,private_non_enterprise,district,education,42,5,false",
    f"{STAR},朝阳区启明星学校,chaoyang,private_non_enterprise,district,education,9,2,false",
    f"{CHARITY},海淀区仁爱（北京）基金会,haidian,foundation,district,charity,42,5,false",
    "HUB-1,朝阳教育枢纽,chaoyang,hub,district,education,30,5,true",
    "BAD,坏行,nowhere,foundation,district,charity,many,5,false",
]
APPLICANT = [
    "id,name,area,registered_as,registered_at,incubating,industry,party_members,has_organization,guide_sent,investigated,employees",
    "APP-1,启航学校筹备组,chaoyang,applicant,district,true,education,3,false,false,false,8",
]
JOINT = [
    word for fact in ("registered_as=联合党组织", "登记层级=区级", "行业领域=community") for word in ("--fact", fact)
]
FACTS = ["registered_on=2012-05-04", "inspection=qualified", "penalised=否", "investigated=否"]

#: Each command, as it is typed in a register's life: what is done first, then what is looked at.
EXAMPLES = [
    ["init"],
    ["init", "--no-backup"],
    ["import", "one.csv", "--dry-run", "--as-of", "2016-01-04"],
    ["import", "one.csv", "--as-of", "2016-01-04"],
    ["import", "one.csv", "--as-of", "2016-01-04"],
    ["import", "applicant.csv", "--as-of", "2016-01-04"],
    ["import", "nothing.csv"],
    ["import", "empty.csv"],
    ["import", "latin.csv"],
    ["import", "quote.csv"],
    ["import", "unknown.csv"],
    ["import", "one.txt"],
    ["import", "nothing.csv", "--encoding", "klingon"],
    ["import", "one.csv", "--sheet", "1"],
    ["import", "register.csv", "--propose"],
    ["import", "register.csv", "--propose", "-o", "proposed.yaml"],
    ["import", "register.csv", "--propose", "-o", "proposed.yaml"],
    ["import", "register.csv", "--mapping", "proposed.yaml", "--dry-run", "--as-of", "2016-01-04"],
    ["import", "register.csv", "--mapping", "nothing.yaml"],
    ["import", "lacking.csv", "--dry-run", "--as-of", "2016-01-04"],
    ["import", "lacking.csv", "--park", "--as-of", "2016-01-04"],
    ["imports"],
    ["imports", "list", "--format", "csv"],
    ["imports", "show", "1"],
    ["imports", "show", "3"],
    ["imports", "show", "3", "--outcome", "parked"],
    ["imports", "show", "3", "--outcome", "lost"],
    ["imports", "show", "99"],
    ["imports", "undo", "99", "--reason", "2016"],
    ["parked"],
    ["parked", "list", "--all", "--format", "csv"],
    ["parked", "complete", LACKING, "employees=3", "--as-of", "2016-01-04"],
    ["parked", "complete", LACKING, "登记类型=基金会", "--area", "海淀区", "--as-of", "2016-01-04"],
    ["parked", "complete", LACKING],
    ["parked", "drop", OTHER, "--reason", "2016"],
    ["parked", "drop", OTHER, "--reason", "2016"],
    ["template", "-o", "template.xlsx"],
    ["template", "-o", "template.xlsx"],
    ["template", "--type", "基金会", "-o", "template.csv"],
    ["template", "--type", "nothing", "-o", "nothing.csv"],
    ["advance", "朝阳区启明学校", "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05"],
    ["advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-06"],
    ["advance", "establish", "--stage", "抓组建", "--where", "正式党员数=>=3", *BY, "--as-of", "2016-01-06"],
    ["advance", "--area", "chaoyang", "find_weak", *BY],
    ["advance", "*", "find_weak", *BY],
    ["facts", "--where", "行业领域=教育", "从业人员数=43", *BY, "--as-of", "2016-01-06"],
    ["facts", "--where", "行业领域=教育", "从业人员数=43", *BY, "--as-of", "2016-01-06", "--yes"],
    ["facts", "--where", "行业领域=教育", "name=x", *BY],
    ["advance", SCHOOL, "fly", *BY],
    ["advance", SCHOOL, "establish", *BY],
    ["advance", SCHOOL, "find_weak", *BY],
    ["advance", SCHOOL, "find_weak", "--as", "haidian"],
    ["advance", SCHOOL, "find_weak", "-e", "nothing=1", *BY],
    ["advance", SCHOOL, "find_weak", "-e", "finding_report", *BY],
    ["advance", SCHOOL, "find_weak", "-e", "finding_report=1", "-e", "finding_report=2", *BY],
    ["advance", SCHOOL, "pass_inspection", *BY],
    ["advance", "启明", "apply", *BY],
    ["advance", "朝阳区启明", "apply", *BY],
    ["advance", SCHOOL, "apply"],
    ["advance", SCHOOL],
    ["advance", SCHOOL, "apply", *BY, "--as-of", "2999-01-01"],
    ["facts", SCHOOL, *FACTS, *BY, "--as-of", "2016-01-07"],
    ["facts", SCHOOL, "employees=many", *BY],
    ["facts", SCHOOL, "employees=-1", *BY],
    ["facts", SCHOOL, "has_organization=perhaps", *BY],
    ["facts", SCHOOL, "registered_on=soon", *BY],
    ["facts", SCHOOL, "industry=gold", *BY],
    ["facts", SCHOOL, "supervising_unit=nobody", *BY],
    ["facts", SCHOOL, "colour=red", *BY],
    ["facts", SCHOOL, "employees", *BY],
    ["facts", SCHOOL, "registered_as=foundation", *BY, "--as-of", "2016-01-08"],
    ["block", SCHOOL, "hard_to_form", *BY, "--as-of", "2016-01-08"],
    ["population", "classify", "all.parquet", "--as-of", "2016-01-04", "--to", "types.parquet"],
    ["population", "classify", "all.parquet", "--as-of", "2016-01-04", "--to", "types.parquet"],
    ["population", "route", "all.parquet", "--as-of", "2016-01-04", "--policy", "beijing-2015"],
    ["population", "route", "one.csv"],
    ["population", "compare", "all.parquet", "--as-of", "2016-01-04", "--with", "broken"],
    ["population", "compare", "all.parquet", "--as-of", "2016-01-04", "--with", "beijing-2015"],
    ["db", "check"],
    ["db", "check", "--repair"],
    ["db", "status"],
    ["db", "status", "--format", "csv"],
    ["db", "backup", "backup.db"],
    ["db", "backup", "backup.db"],
    ["db", "backup", "backup.db", "--force"],
    ["db", "backup", "one.csv", "--force"],
    ["db", "restore", "one.csv"],
    ["db", "restore", "backup.db"],
    ["db", "restore", "backup.db", "--discard"],
    ["audit", "keys"],
    ["audit", "seals"],
    ["audit", "seal", "--key", "nothing.pem"],
    ["audit", "verify"],
    ["audit", "prove", "--between", "1", "2"],
    ["audit", "key", "key.pem"],
    ["audit", "key", "other.pem"],
    ["audit", "prove", SCHOOL, "1"],
    ["audit", "seal", "--key", "key.pem", "--to", "file:seals.jsonl"],
    ["audit", "seal", "--key", "key.pem"],
    ["audit", "seal", "--key", "key.pem", "--to", "stdout"],
    ["audit", "key", "other.pem", "--old-key", "key.pem"],
    ["audit", "seal", "--key", "key.pem"],
    ["audit", "keys"],
    ["audit", "seals", "--format", "csv"],
    ["audit", "revoke", "0" * 16, "--key", "other.pem", "--reason", "2016"],
    ["audit", "publish"],
    ["audit", "publish", "--to", "file:seals.jsonl"],
    ["audit", "publish", "--to", "file:nowhere/seals.jsonl"],
    ["audit", "verify", "--against", "seals.jsonl"],
    ["audit", "verify", "--against", "one.csv"],
    ["audit", "prove", SCHOOL, "1", "-o", "proof.json"],
    ["audit", "confirm", "proof.json", "0" * 64],
    ["audit", "confirm", "one.csv", "0" * 64],
    ["audit", "confirm", "proof.json"],
    ["audit", "prove", SCHOOL, "999"],
    ["audit", "prove", SCHOOL],
    ["block", SCHOOL, "laziness", *BY],
    ["meet", SCHOOL, "inspection", *BY],
    ["meet", SCHOOL, "inspection", "--outcome", "lost", *BY],
    ["meet", SCHOOL, "sleep", *BY],
    ["meet", STAR, "change_of_term", *BY],
    ["postpone", SCHOOL, "inspection", "--reason", "x", *BY],
    ["postpone", SCHOOL, "inspection", *BY],
    ["gate", "ask", SCHOOL, "grade_evaluation", *REGISTRY, "--as-of", "2016-01-09"],
    ["gate", "ask", SCHOOL, "annual_inspection", *REGISTRY, "--as-of", "2016-02-01"],
    ["gate", "ask", SCHOOL, "heaven", *REGISTRY],
    ["gate", "ask", STAR, "grade_evaluation", *REGISTRY, "--as-of", "2016-02-01"],
    ["gate", "ask", SCHOOL, "incubation", *REGISTRY],
    ["gate", "tell", SCHOOL, "annual_inspection", "inspected", "--value", "合格", "-e", "inspection_report=1", *REGISTRY,
     "--as-of", "2016-02-02"],
    ["gate", "tell", SCHOOL, "annual_inspection", "inspected", "--value", "合格", "-e", "inspection_report=1", *REGISTRY,
     "--as-of", "2016-02-02"],
    ["gate", "tell", SCHOOL, "annual_inspection", "lost", *REGISTRY],
    ["gate", "tell", SCHOOL, "registration", "registered", *REGISTRY],
    ["gate", "list"],
    ["gate", "list", "--standing", "passed"],
    ["gate", "list", "--format", "csv"],
    ["record", SCHOOL, "activity", "--count", "20", "-e", "activity_record=1", *BY, "--as-of", "2016-06-01"],
    ["record", SCHOOL, "allowance_paid", "--amount", "400.50", "-e", "voucher=1", *BY, "--as-of", "2016-06-01"],
    ["record", SCHOOL, "allowance_paid", "--amount", "0.001", "-e", "voucher=1", *BY, "--as-of", "2016-06-01"],
    ["record", SCHOOL, "allowance_paid", "--amount", "much", *BY],
    ["record", SCHOOL, "activity", *BY],
    ["record", SCHOOL, "dance", *BY],
    ["record", SCHOOL, "venue_use", "--venue", "nowhere", *BY, "--as-of", "2016-06-01"],
    ["record", SCHOOL, "venue_use", "--venue", "centre-chaoyang", *BY, "--as-of", "2016-06-01"],
    ["strike", SCHOOL, "9", "--reason", "2016", *BY, "--as-of", "2016-06-02"],
    ["strike", SCHOOL, "1", "--reason", "2016", *BY],
    ["strike", SCHOOL, "many", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "4", "employees=43", "--reason", "2016", *BY, "--dry-run"],
    ["correct", SCHOOL, "--event", "4", "employees=43", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "4", "--never", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "2", "--never", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "99", "--never", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "3", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "3", "--trigger", "deregister", "--reason", "2016", *BY],
    ["correct", SCHOOL, "--event", "3", "--never", "--reason", "2016", *BY, "--as-of", "2016-06-02"],
    ["reopen", SCHOOL, "--reason", "2016", *BY],
    ["list", "--known-on", "2016-01-01"],
    ["list", "--known-on", "2999-01-01"],
    ["venues", "--known-on", "2016-01-01"],
    ["imports", "list", "--known-on", "2016-01-01"],
    ["member", "found", "LH-1", SCHOOL, STAR, "--name", "联合党支部", "--area", "朝阳区", *JOINT, "--as", "chaoyang"],
    ["member", "found", "LH-1", STAR, CHARITY, "--name", "联合党支部", "--area", "朝阳区", *JOINT, "-e", "joint_agreement=1",
     "--as", "chaoyang", "--as-of", "2016-06-03"],
    ["member", "join", "LH-1", SCHOOL, "-e", "joint_agreement=1", "--as", "chaoyang", "--as-of", "2016-06-03"],
    ["member", "join", SCHOOL, STAR, *BY],
    ["member", "list", "LH-1"],
    ["member", "leave", "LH-1", STAR, "--reason", "2016", "--as", "chaoyang", "--as-of", "2016-06-04"],
    ["member", "list", SCHOOL],
    ["gate", "ask", "APP-1", "incubation", *REGISTRY, "--as-of", "2016-02-01"],
    ["gate", "tell", "APP-1", "incubation", "admitted", "-e", "incubation_agreement=1", *REGISTRY, "--as-of", "2016-02-01"],
    ["continue", "APP-1", REGISTERED, "registered_as=private_non_enterprise", *REGISTRY, "--as-of", "2016-02-02"],
    ["advance", "APP-1", "graduate", "-e", "incubation_report=1", *REGISTRY, "--as-of", "2016-03-01"],
    ["gate", "ask", "APP-1", "registration", *REGISTRY, "--as-of", "2016-03-01"],
    ["gate", "tell", "APP-1", "registration", "registered", "-e", "registration_decision=1", *REGISTRY, "--as-of", "2016-03-02"],
    ["gate", "tell", "APP-1", "registration", "organization_approved", "-e", "approval_document=1", *BY,
     "--as-of", "2016-03-02"],
    ["continue", "APP-1", REGISTERED, "registered_as=private_non_enterprise", "--name", "启航学校", *REGISTRY,
     "--as-of", "2016-03-03"],
    ["rename", CHARITY, RENAMED, "--reason", "2016", "--as-of", "2016-06-05"],
    ["rename", CHARITY, "BAD", "--as-of", "2016-06-05"],
    ["same", SCHOOL, STAR, "--reason", "2016", "--yes", "--as-of", "2016-06-05"],
    ["same", SCHOOL, SCHOOL, "--reason", "2016", "--yes"],
    ["sweep", "--dry-run", "--as-of", "2017-06-01"],
    ["sweep", "--as-of", "2017-06-01"],
    ["sweep", "--as-of", "2017-06-01", "--format", "csv"],
    ["recount"],
    ["recount", "--dry-run", "--format", "csv"],
    ["reroute", "--as-of", "2018-07-05"],
    ["notices", "deliver"],
    ["notices", "deliver", "--to", "file:/nonexistent/x"],
    ["notices", "deliver", "--to", "pigeon"],
    ["notices", "list", "--all"],
    ["notices", "list"],
    ["upcoming", "--unscheduled"],
    ["upcoming", "--unscheduled", "--limit", "1"],
    ["upcoming", "--unscheduled", "--obligation", "inspection"],
    ["upcoming", "--unscheduled", "--what", "stages"],
    ["inbox", *BY, "--as-of", "2016-03-01"],
    ["inbox"],
    ["list"],
    ["list", "--format", "csv"],
    ["list", "--stage", "nothing"],
    ["list", "--type", "nothing"],
    ["list", "--area", "nothing"],
    ["list", "--area", "朝阳"],
    ["list", "--under", "nobody"],
    ["list", "--text", "没有"],
    ["list", "--order", "height"],
    ["list", "--limit", "0"],
    ["list", "--limit", "x"],
    ["list", "--format", "pdf"],
    ["list", "--colour", "red"],
    ["list", "--as-of", "yesterday"],
    ["list", "--as-of", "1066-01-01"],
    ["list", "--db", "mysql://x/y"],
    ["list", "--db", "sqlite:///none.db"],
    ["list", "--db", "sqlite:///one.csv"],
    ["list", "--format", "csv", "-o", "/nonexistent/x.csv"],
    ["overdue", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "body", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "district", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "stage", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "type", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "all", "--as-of", "2017-06-01"],
    ["overdue", "--totals", "height"],
    ["overdue", "--stage", "rectify", "--what", "duties"],
    ["overdue", "--as-of", "2016-01-04"],
    ["upcoming", "--days", "900", "--as-of", "2016-01-08"],
    ["upcoming", "--days", "0", "--as-of", "2016-01-05"],
    ["calendar", "--under", "chaoyang-education"],
    ["show", SCHOOL],
    ["show", SCHOOL, "--as-of", "2016-03-01"],
    ["show", "APP-1"],
    ["show", "LH-1"],
    ["show", STAR],
    ["show", "HUB-1"],
    ["show", SCHOOL, "--format", "csv"],
    ["show", SCHOOL, "--as", "haidian"],
    ["show", "nothing"],
    ["show"],
    ["show", SCHOOL, "extra"],
    ["history", SCHOOL],
    ["history", REGISTERED],
    ["history", "LH-1"],
    ["history", SCHOOL, "--format", "csv"],
    ["remark", SCHOOL, "2016", *BY],
    ["erase", SCHOOL, "--event", "1", "--reason", "2016", *BY],
    ["erase", SCHOOL, "--event", "99", "--reason", "2016", *BY, "--yes"],
    ["erase", SCHOOL, "--event", "2", "--text", "2016", "--reason", "2016", *BY, "--yes"],
    ["erase", SCHOOL, "--event", "2", "--reason", "2016", *BY],
    ["erase", SCHOOL, "--event", "2", "--reason", "2016", *BY, "--yes"],
    ["erase", SCHOOL, "--event", "2", "--reason", "2016", *BY, "--yes"],
    ["erase", SCHOOL, "--event", "2", "--reason", "2016", *BY, "--as-of", "2016-06-02"],
    ["history", SCHOOL],
    ["expire"],
    ["expire", "--yes"],
    ["remark", SCHOOL, "20\n16", *BY],
    ["remark", SCHOOL, "", *BY],
    ["remark", SCHOOL, "2016"],
    ["facts", SCHOOL, "employees=43", *BY],
    ["meet", STAR, "change_of_term", "-e", "minutes=@nothing.pdf", *BY],
    ["history", SCHOOL, "--verify-evidence", "."],
    ["history", SCHOOL, "--verify-evidence", "nothing"],
    ["explain", SCHOOL],
    ["explain", "HUB-1"],
    ["support", "--year", "2016"],
    ["support", "--year", "2016", "--totals", "body"],
    ["support", "--what", "gold"],
    ["support", "--under", "yanqing"],
    ["venues", "--area", "chaoyang", "--year", "2016"],
    ["indicator"],
    ["indicator", "coverage"],
    ["indicator", "coverage", "--by", "type"],
    ["indicator", "key_majority", "--least", "1"],
    ["indicator", "coverage", "--by", "weak"],
    ["indicator", "luck"],
    ["indicator", "--by", "type"],
    ["scorecard", "chaoyang", "2016"],
    ["scorecard", "nobody", "2016"],
    ["scorecard", "chaoyang", "2999"],
    ["forecast", "--runs", "3"],
    ["forecast", "--runs", "3", "--by", "body"],
    ["forecast", "--growth", "much"],
    ["sample", "--n", "2", "-o", "sample.csv"],
    ["sample", "--until", "2016-01-01"],
    ["completion", "bash"],
    ["completion", "powershell"],
    ["policy", "show"],
    *[["policy", "show", "--part", part] for part in (
        "facts", "tables", "workflows", "bodies", "areas", "blockers", "obligations", "gates", "records", "groups",
        "support", "indicators", "register",
    )],
    ["policy", "show", "--part", "nothing"],
    ["policy", "show", "--table", "routing"],
    ["policy", "show", "--table", "nothing"],
    ["policy", "show", "utopia"],
    ["policy", "check", "beijing-2015"],
    ["policy", "check", "broken"],
    ["policy", "check", "unread"],
    ["policy", "test", "beijing-2015"],
    ["policy", "test", "failing"],
    ["policy", "test", "beijing-2015", "--coverage"],
    ["policy", "mutate", "beijing-2015", "--n", "2", "--seed", "1"],
    ["policy", "test", "--covers", "M99"],
    ["policy", "diff", "beijing-2015", "broken"],
    ["policy", "try", "beijing-2015", "area=朝阳区", "registered_as=foundation", "registered_at=district", "industry=charity",
     "employees=60", "party_members=3", "has_organization=false", "--do", "apply", "--do", "+30", "--do", "party_members=2",
     "--do", "@2016-12-31", "--do", "establish"],
    ["policy", "try", "beijing-2015", "party_members=2", "--table", "form"],
    ["policy", "try", "beijing-2015", "party_members=2"],
    ["policy", "try", "beijing-2015", "area=chaoyang", "colour=red"],
    ["policy", "try", "beijing-2015", "area=chaoyang", "registered_as=foundation", "--do", "fly"],
    ["policy", "try", "beijing-2015", "area=chaoyang", "registered_as=foundation", "--do", "+x"],
    ["policy", "try", "beijing-2015", "area=chaoyang", "registered_as=foundation"],
    ["policy", "diagram", "beijing-2015", "--workflow", "foundation"],
    ["policy", "diagram", "beijing-2015", "--routing"],
    ["policy", "diagram", "beijing-2015", "--workflow", "nothing"],
    ["policy", "schema", "nothing"],
    ["policy", "activate", "beijing-2015"],
    ["policy", "activate", "broken"],
    ["lost"],
    ["-v", "list"],
    ["list", "-vv"],
]  # fmt: skip
#: What the register holds is called as it is in every language.
HELD = [
    "朝阳区启明学校",
    "朝阳区启明星学校",
    "海淀区仁爱（北京）基金会",
    "朝阳教育枢纽",
    "启航学校筹备组",
    "启航学校",
    "联合党支部",
    "坏行",
    "缺形式基金会",
    "缺层级基金会",
]


def prepare(folder):
    """The files that the examples read."""
    import shutil

    import duckdb

    import guikou.workflows

    columns = "(id, area, registered_as, registered_at, employees)"
    rows = "('A', '110108', 'foundation', 'district', 1), ('B', '110108', 'foundation', NULL, 2), ('C', '9', NULL, NULL, 3), ('D', '110108', 'foundation', 'national', -4)"
    duckdb.sql(f"COPY (SELECT * FROM (VALUES {rows}) AS t {columns}) TO '{folder / 'all.parquet'}' (FORMAT parquet)")

    (folder / "one.csv").write_text("\n".join([HEADING, *ROWS]) + "\n", encoding="utf-8")
    (folder / "applicant.csv").write_text("\n".join(APPLICANT) + "\n", encoding="utf-8")
    (folder / "register.csv").write_text("\n".join([HEADING, *ROWS[:3]]) + "\n", encoding="utf-8")
    lacking = [f"{LACKING},缺形式基金会,haidian,,district,charity", f"{OTHER},缺层级基金会,haidian,,district,charity"]
    heading = ",".join(HEADING.split(",")[:6])
    (folder / "lacking.csv").write_text("\n".join([heading, *lacking]) + "\n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "one.txt").write_text("", encoding="utf-8")
    (folder / "latin.csv").write_bytes(b"id,name,area\n1,\xff\xff\xff,chaoyang\n")
    (folder / "quote.csv").write_text('id,name,area\n1,"open,chaoyang\n', encoding="utf-8")
    (folder / "unknown.csv").write_text("id,name,area,colour\n1,2,chaoyang,red\n", encoding="utf-8")
    source = Path(guikou.workflows.__file__).parent / "beijing_2015"
    for name in ("broken", "unread", "failing"):
        shutil.copytree(source, folder / name)
    routing = folder / "broken/tables/routing.csv"
    lines = routing.read_text(encoding="utf-8").splitlines()
    routing.write_text("\n".join([*lines[:-1], lines[1]]) + "\n", encoding="utf-8")
    (folder / "unread/policy.yaml").write_text("policy: [\n", encoding="utf-8")
    example = next(path for path in (folder / "failing/examples").glob("*.yaml"))
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("stage: build", "stage: rectify"), encoding="utf-8")


def commands(group, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def say(run, words):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    return {"words": words, "code": code, "out": text(out), "err": text(err)}


def text(stream):
    return stream.buffer.getvalue().decode("utf-8")


def main(lang, folder):
    os.chdir(folder)
    prepare(Path(folder))
    os.environ["GUIKOU_LANG"] = lang
    for name in ("GUIKOU_DB", "GUIKOU_CONFIG", "GUIKOU_NOTIFY"):
        os.environ.pop(name, None)
    os.environ["HOME"] = folder
    from guikou import workflows
    from guikou.adapters.cli import run
    from guikou.adapters.cli.commands import root
    from guikou.engine import parse

    # While the policy is held, no command reads it again.
    published = workflows.load("beijing-2015")
    held = published, parse(published.files)
    said = [say(run, words) for words in EXAMPLES]
    paths = list(commands(root()))
    said += [say(run, [*path, "--help"]) for path in [(), *paths]]
    json.dump({"commands": paths, "said": said}, sys.stdout)
    del held


if __name__ == "__main__":
    main(*sys.argv[1:])
