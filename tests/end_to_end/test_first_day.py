"""A clerk's first day: what is asked for next can be done, what was typed is understood, and a refusal says what to
do."""

import json

import pytest

SCHOOL, NAME, BY = "52110105MJ0001010Q", "朝阳区启明学校", ("--as", "chaoyang-education")
HEADING = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"


@pytest.fixture
def clinic(school, tmp_path):
    """The school's shell with a clinic besides, which has two members of the Party and no organisation."""
    row = "521101080000000029,海淀康宁诊所,haidian,private_non_enterprise,district,health,12,2,false"
    from stdnum.cn import uscc

    id = row[:17] + uscc.calc_check_digit(row[:17])
    (tmp_path / "two.csv").write_text(f"{HEADING}\n{id}{row[18:]}\n", encoding="utf-8")
    school("import", "two.csv", "--as-of", "2016-01-04")
    school.id = id
    return school


def shown(shell, case):
    import json

    return json.loads(shell("show", case, "--format", "json", "--as-of", "2016-01-10"))


def next_of(shell, case):
    return [one["en"] for one in shown(shell, case)["next"]]


# --- the next step ---------------------------------------------------------------------------------------------------


def test_the_next_step_is_one_that_the_facts_allow(clinic):
    by = ("--as", "haidian-health")
    assert shown(clinic, clinic.id)["state"] == "build.joining"
    assert next_of(clinic, clinic.id) == ["agree on a joint branch"]
    clinic("facts", clinic.id, "party_members=3", *by, "--as-of", "2016-01-05")
    assert next_of(clinic, clinic.id) == ["start preparing"]
    clinic("facts", clinic.id, "party_members=0", *by, "--as-of", "2016-01-06")
    assert next_of(clinic, clinic.id) == ["fall back for want of members"]


def test_what_was_done_is_not_the_next_step_again(clinic):
    by = ("--as", "haidian-health", "--as-of", "2016-01-07")
    clinic("facts", clinic.id, "party_members=0", *by)
    clinic("advance", clinic.id, "fall_back", *by)
    assert next_of(clinic, clinic.id) == ["send a guide"]
    clinic("advance", clinic.id, "send_guide", "-e", "guide_letter=1", *by)
    assert next_of(clinic, clinic.id) == ["found mass organisations"]
    clinic("facts", clinic.id, "party_members=4", *by)
    assert next_of(clinic, clinic.id) == ["start preparing"]


def test_what_the_next_step_lacks_is_shown(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-06")
    found = shown(school, SCHOOL)
    assert [one["en"] for one in found["next"]] == ["ask for review"]
    assert found["next_lacks"] == {"regular_life": "true", "terms_kept": "true", "records_kept": "true"}
    said = school("show", SCHOOL, "--lang", "zh")
    assert "下一步尚需" in said
    assert "组织生活正常 是" in said


# --- what is refused says what to do ---------------------------------------------------------------------------------


def test_a_guard_that_fails_tells_what_is_possible_and_a_command_that_can_be_typed(clinic):
    said = clinic.refused("advance", "海淀康宁诊所", "prepare", "--as", "haidian-health", "--as-of", "2016-01-05")
    assert "possible now: join (agree on a joint branch)" in said
    assert said.endswith(f"guikou facts {clinic.id} --as haidian-health --as-of 2016-01-05 party_members=VALUE")


def test_what_is_possible_is_what_the_body_may_do_as_things_stand(school):
    said = school.refused("advance", SCHOOL, "recognize", *BY)
    assert "from here: apply" in said
    assert "resume" not in said  # nothing is suspended


def test_a_new_name_and_a_new_area_are_told_like_facts(school):
    said = school(
        "facts", SCHOOL, "名称=启明实验学校", "所在街道=望京街道", *BY, "--as-of", "2016-01-05", "--lang", "zh"
    )
    assert "启明实验学校" in said
    assert shown(school, "启明实验学校")["area"]["zh"] == "望京街道"
    said = school.refused("rename", SCHOOL, "启明双语学校", *BY, "--lang", "zh", code=2)
    assert said.endswith(f"guikou facts {SCHOOL} 名称='启明双语学校' --as chaoyang-education")
    school("facts", SCHOOL, "党员人数=7", *BY, "--as-of", "2016-01-06")  # as registers call it
    assert shown(school, SCHOOL)["facts"]["party_members"] == 7


def test_what_can_be_undone_for_a_while_says_so_and_evidence_is_asked_for_first(school):
    assert "[evidence-missing]" in school.refused("advance", SCHOOL, "deregister", *BY)
    said = school.refused("advance", SCHOOL, "deregister", "-e", "deregistration_record=1", *BY, code=2)
    assert "can only be undone within" in said
    assert "guikou reopen" in said


def test_two_cases_are_merged_only_by_who_saw_what_they_are(clinic):
    said = clinic.refused("same", SCHOOL, clinic.id, "--reason", "twice", "--as", "beijing", code=2)
    assert f"{SCHOOL} {NAME}" in said
    assert "Build: preparing" in said
    clinic("same", SCHOOL, clinic.id, "--reason", "twice", "--as", "beijing", "--yes")
    said = clinic("show", clinic.id, "--lang", "zh")
    assert f"{clinic.id} 海淀康宁诊所：" in said
    assert "已并入" in said
    assert json.loads(clinic("show", clinic.id, "--format", "json"))["merged"] == [clinic.id]
    assert clinic.id not in clinic("list", "--stage", "build")  # it is in no stage any more
    assert clinic.id in clinic("list", "--stage", "build", "--closed")


def test_what_is_parked_is_found_by_its_name(shell, tmp_path):
    (tmp_path / "p.csv").write_text(
        f"{HEADING}\n{SCHOOL},{NAME},chaoyang,private_non_enterprise,district,,42,5,false\n"
    )
    shell("import", "p.csv", "--park", code=1) if shell("init") else None
    said = shell("parked", "complete", NAME, "industry=education")
    assert SCHOOL in said
    assert "[parked-no-more]" in shell.refused("parked", "drop", SCHOOL, "--reason", "x")


def test_what_was_done_in_time_may_be_told_late(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("sweep", "--as-of", "2017-01-05")
    establish = ("advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-20")
    assert "add --late WHY" in school.refused(*establish)
    school(*establish, "--late", "the approval was lost in the post")
    assert "Standardize" in school("list", "--as-of", "2016-01-20")
    assert "lost in the post" in school("history", SCHOOL)
    school("db", "check")
    again = (*establish, "--late", "again", "--request-id", "r1")
    assert "[not-from-here]" in school.refused(*again)


def test_a_registration_is_not_moved_behind_what_was_told_since(school):
    school("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-05")
    said = school.refused("correct", SCHOOL, "--event", "1", "--day", "2016-02-01", "--reason", "x", "--as", "beijing")
    assert "it came before the registration on 2016-02-01" in said


# --- registers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def spoilt(school, tmp_path):
    """Two rows of which one is of the school, and neither can be read."""
    (tmp_path / "bad.csv").write_text(
        f"{HEADING}\n{SCHOOL},{NAME},chaoyang,zzz,district,education,42,5,false\n,无名,chaoyang,zzz,district,health,1,1,false\n",
        encoding="utf-8",
    )
    return school


def test_a_row_that_was_rejected_is_rejected_again(spoilt):
    for _ in range(3):
        assert "0 unchanged, 2 rejected" in spoilt("import", "bad.csv", "--as-of", "2016-01-05", code=1)


def test_corrections_of_rejected_rows_are_all_kept(spoilt, tmp_path):
    rejects = tmp_path / "bad.rejects.csv"
    for number in (1, 2, 3):
        spoilt("import", "bad.csv", "--as-of", "2016-01-05", code=1)
        rejects.write_text(
            rejects.read_text(encoding="utf-8-sig").replace("zzz", f"mine {number}"), encoding="utf-8-sig"
        )
    spoilt("import", "bad.csv", "--as-of", "2016-01-05", code=1)
    kept = [path.read_text(encoding="utf-8-sig") for path in sorted(tmp_path.glob("bad.rejects.earlier*.csv"))]
    assert [number for number in (1, 2, 3) if any(f"mine {number}" in text for text in kept)] == [1, 2, 3]
    first = tmp_path / "bad.rejects.earlier.csv"
    before = first.read_bytes()
    spoilt("import", first.name, "--rejects", "bad.rejects.csv", "--as-of", "2016-01-05", code=1)
    assert first.read_bytes() == before


def test_an_import_stands_though_its_rejected_rows_could_not_be_written(spoilt, monkeypatch):
    from guikou.adapters import files

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    said = spoilt("import", "bad.csv", "--as-of", "2016-01-05", code=1)
    assert "2 rejected" in said
    assert "[not-saved] bad.rejects.csv was not saved: the disk is full" in spoilt.err
    assert "the import stands, its rejected rows: guikou imports show 2 --outcome rejected" in spoilt.err


def test_the_summary_and_the_rejected_rows_are_two_files(spoilt):
    assert "can't be both" in spoilt.refused(
        "import", "bad.csv", "--format", "csv", "-o", "x.csv", "--rejects", "./x.csv", code=2
    )


# --- what is typed, and shown ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["a\x1b[31m", "a\nb", "", "x" * 201, "\u202eabc"])
def test_an_account_is_one_line_without_what_steers_a_terminal(school, account):
    for option in ("--actor", "--request-id"):
        said = school.refused("remark", SCHOOL, "--text", "abc", *BY, option, account, code=2)
        assert "\x1b" not in said


@pytest.mark.parametrize("words", [("import", "a\0.csv"), ("list", "--text", "a\0"), ("\0",), ("audit", "key", "\0")])
def test_a_nul_is_refused_wherever_it_stands(school, words):
    assert "NUL character" in school.refused(*words, code=2)


def test_nothing_that_was_typed_steers_the_terminal(school, tmp_path):
    for words in (("import", "no\x1b]0;x\x07file.csv"), ("\x1b[31mfoo",), ("show", "\x1b[31m"), ("list", "--\x1b[1m")):
        school(*words, code=1 if words[0] in ("show", "import") else 2)
        assert "\x1b" not in school.err
        assert "\x07" not in school.err
    (tmp_path / "r\x1b]0;x\x07.csv").write_text(f"{HEADING}\n", encoding="utf-8")
    school.capsys.readouterr()
    from guikou.adapters.cli import run

    run(["import", "r\x1b]0;x\x07.csv"])
    said = school.capsys.readouterr()
    assert "\x1b" not in said.out + said.err


@pytest.mark.parametrize(
    "text", ["db = 5", 'db = ["postgresql://u:geheim@h/x"]', "as = 5", 'lang = ["x"]', "format = {}"]
)
def test_a_setting_that_is_no_text_is_said(school, tmp_path, text):
    (tmp_path / "guikou.toml").write_text(text)
    said = school.refused("list", code=2)
    assert "must be a text in quotes" in said
    assert "geheim" not in said


@pytest.mark.parametrize("address", [
    "smtp://u:gehe/im@localhost:1?from=a@b.c", "smtp://u:geheim@localhost:99999?from=a@b.c", "http://u:geheim@localhost:port/x",
    "https://u:gehe[im@localhost/", "smtp://u:gehe#im@localhost?from=a@b",
])  # fmt: skip
def test_no_password_is_in_a_refused_address(school, address):
    school.capsys.readouterr()
    from guikou.adapters.cli import run

    assert run(["notices", "deliver", "--to", address]) in (1, 2)
    said = school.capsys.readouterr()
    assert "gehe" not in said.out + said.err


@pytest.mark.parametrize(
    "db",
    [
        "postgresql:/u:geheim@h/x",
        "postgresql//u:geheim@h/x",
        "u:geheim@localhost:1/x",
        "host=localhost port=1 password=geheim",
    ],
)
def test_no_password_is_in_a_refused_database(school, tmp_path, db):
    for words in (("list",), ("init",)):
        school.capsys.readouterr()
        from guikou.adapters.cli import run

        assert run([*words, "--db", db]) in (1, 2)
        assert "geheim" not in school.capsys.readouterr().err
    assert not [one for one in tmp_path.iterdir() if "geheim" in one.name]


def test_the_database_of_another_program_stays_as_it_is(shell, tmp_path):
    import sqlite3

    path = tmp_path / "alien.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    before = path.read_bytes()
    assert "[not-initialized]" in shell.refused("list", "--db", "sqlite:///alien.db")
    assert "tables of another program: t" in shell.refused("init", "--db", "sqlite:///alien.db")
    assert path.read_bytes() == before


@pytest.mark.parametrize("db", ["试.db", "sqlite:///试.db", "sqlite+pysqlite:///试.db", "sqlite:///%E8%AF%95.db"])
def test_only_init_makes_a_file_for_a_database_and_names_it_as_it_is(shell, tmp_path, db):
    for command in (
        "list", "db status", "db check", "db backup b.db", "audit verify", "audit seals", "audit keys",
        "audit prove 1 1", "audit prove --between 1 2", "audit publish --to file:s.jsonl", "audit key k.pem",
        "notices", "notices --stuck", "notices deliver --to file:n.jsonl", "policy activate beijing-2015", "sweep", "imports", "parked",
        "sample --n 1 --years 1",
    ):  # fmt: skip
        assert "[not-initialized]" in shell.refused(*command.split(), "--db", db), command
        assert list(tmp_path.iterdir()) == [], command
    assert "sqlite:///试.db：已启用" in shell("init", "--db", db, "--lang", "zh").replace("+pysqlite", "")
    assert (tmp_path / "试.db").exists()
    told = shell("db", "status", "--db", db, "--lang", "zh")
    assert "sqlite:///试.db" in told.replace("+pysqlite", "")
    assert "损坏" not in told
    assert json.loads(shell("db", "status", "--db", db, "--format", "json"))["problems"] == []


def test_a_key_that_signs_nothing_is_not_left_behind(school, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "guikou.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "[store-busy]" in school.refused("audit", "key", "k.pem", "--db", "sqlite:///guikou.db?timeout=0")
        other.execute("ROLLBACK")
    other.close()
    assert not (tmp_path / "k.pem").exists()
    school("audit", "key", "k.pem")


# --- the second day --------------------------------------------------------------------------------------------------


def test_a_seal_that_a_backup_lacks_is_not_lost_unawares(school):
    school("db", "backup", "b.db")
    assert "--force" in school.refused("db", "backup", "b.db", code=2)
    school("audit", "key", "k.pem")
    school("audit", "seal", "--key", "k.pem")
    assert "statement no. 1 (a key or a seal)" in school.refused("db", "restore", "b.db")
    school("db", "restore", "b.db", "--discard")
    assert "there is no key yet" in school("audit", "keys", "--lang", "en")


def test_who_hands_a_case_on_by_mistake_is_told_how_to_take_it_back(school):
    school("facts", SCHOOL, "area=haidian", *BY, "--as-of", "2016-01-05")
    told = school.err.strip()
    assert "does not see it any more; if it was a mistake: guikou correct" in told
    command = told[told.index("guikou correct") :].split()[1:]
    assert "area: Haidian" in school(*command, "--dry-run")
    school(*command, "--yes")
    assert shown(school, SCHOOL)["responsible"]["id"] == "chaoyang-education"


def test_who_was_merged_is_counted_once(clinic):
    clinic("same", SCHOOL, clinic.id, "--reason", "twice", "--as", "beijing", "--yes")
    assert clinic.id not in clinic("list")
    assert clinic.id in clinic("list", "--closed")
    assert clinic.id in clinic("history", clinic.id)


def test_an_id_that_is_not_the_cases_own_is_said_to_be_none(clinic):
    from stdnum.cn import uscc

    new = f"{SCHOOL[:16]}2"
    new += uscc.calc_check_digit(new)
    clinic("rename", SCHOOL, new, "--reason", "换证", *BY, "--as-of", "2016-01-08")
    assert clinic.err == ""
    for word in (SCHOOL, SCHOOL.lower()):
        clinic("show", word, "--lang", "zh")
        assert clinic.err.strip() == f"旧代码“{word}”现为 {new} {NAME}"
    assert f"'{SCHOOL}' is an id from before: it is {new} {NAME} now" in clinic.refused("history", SCHOOL, code=0)
    clinic("same", SCHOOL, clinic.id, "--reason", "twice", "--as", "beijing", "--yes")
    for word in (clinic.id, "海淀康宁诊所"):
        clinic("show", word, "--lang", "zh")
        assert clinic.err.strip() == f"“{word}”已并入 {new} {NAME}"
    for word in (new, new.lower(), NAME):
        clinic("show", word)
        assert clinic.err == ""


def test_the_next_step_names_its_evidence_and_a_day_that_has_passed_its_own_steps(school):
    assert shown(school, SCHOOL)["next_evidence"] == ["application"]
    assert "组建申请" in school("show", SCHOOL, "--lang", "zh", "--as-of", "2016-01-10")
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-20")
    late = ("advance", SCHOOL, "establish", "-e", "approval_document=1", *BY, "--as-of", "2016-01-10")
    assert "from here on 2016-01-10: apply" in school.refused(*late)


def test_what_is_no_case_any_more_is_not_to_be_left_out_of_a_register(school):
    said = school.refused("facts", SCHOOL, "registration=cancelled", *BY)
    assert said.startswith("[no-longer-admitted]")
    assert f"guikou advance {SCHOOL} TRIGGER, with one of: deregister (deregister)" in said
    assert "leave" not in said


def test_a_register_that_says_so_of_a_case_is_told_how_to_close_it(school, tmp_path):
    heading, row = (tmp_path / "one.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "two.csv").write_text(f"{heading},registration\n{row},cancelled\n", encoding="utf-8")
    school("import", "two.csv", "--as-of", "2016-02-01", code=1)
    assert "deregister (deregister)" in school.err
    assert "leave the row out" not in school.err


def test_a_reason_that_says_nothing_is_none(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("sweep", "--as-of", "2017-01-05")
    establish = ("advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-20")
    assert "[time-runs-back]" in school.refused(*establish, "--late", " ")


def test_to_stop_the_clock_is_no_next_step(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-06")
    school("facts", SCHOOL, "regular_life=false", *BY, "--as-of", "2016-01-07")
    assert next_of(school, SCHOOL) == ["ask for review"]
    assert "regular_life" in shown(school, SCHOOL)["next_lacks"]


@pytest.mark.parametrize("name", ["guikou.db", "guikou.db-wal", "guikou.db-journal"])
def test_no_notice_goes_into_the_database(school, name):
    assert "it is the database" in school.refused("notices", "deliver", "--to", f"file:{name}", code=2)


def test_what_is_not_written_over_is_told_apart_by_what_it_is(school, tmp_path):
    import openpyxl

    key = "Bag Attributes\n localKeyID: 01\n-----BEGIN PRIVATE KEY-----\nabc\n"
    for name, text, words in (
        ("k.txt", key, ("list", "--force")), ("l.json", "[1,2,3]", ("overdue", "--as-of", "2016-01-05", "--format", "json")),
        ("pyproject.toml", "[a]\n", ("overdue", "--as-of", "2016-01-05", "--format", "json")), ("d.json", "[" * 200_000, ("list",)),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
        assert "[not-saved]" in school.refused(*words, "-o", name, code=2)
        assert (tmp_path / name).read_text() == text
    (tmp_path / "conf.json").write_text('{\n  "name": "mine"\n}\n')
    assert "[not-saved]" in school.refused("notices", "deliver", "--to", "file:conf.json", code=2)
    (tmp_path / "e.xlsx").write_bytes(b"")
    school("list", "-o", "e.xlsx")
    school("list", "-o", "e.xlsx")
    school("template", "-o", "reg.xlsx")
    book = openpyxl.load_workbook("reg.xlsx")
    book.active["A2"] = "mine"
    book.save("reg.xlsx")
    assert "[not-saved]" in school.refused("list", "-o", "reg.xlsx", code=2)


def test_a_backup_of_what_was_only_parked_is_not_written_over(shell, tmp_path):
    (tmp_path / "p.csv").write_text(
        f"{HEADING}\n{SCHOOL},{NAME},chaoyang,private_non_enterprise,district,,42,5,false\n"
    )
    shell("init")
    shell("import", "p.csv", "--park", code=1)
    shell("db", "backup", "b.db")
    shell("init", "--db", "sqlite:///other.db")
    assert "import no. 1" in shell.refused("db", "backup", "b.db", "--force", "--db", "sqlite:///other.db", code=2)


def test_all_that_is_wrong_with_a_row_is_told_at_once(shell, tmp_path):
    heading = "id,name,area,registered_as,registered_at,party_members,has_organization"
    rows = [f"{SCHOOL},{NAME},chaoyang,private_non_enterprise,district,5,建了", ",合计,,,,188,"]
    (tmp_path / "b.csv").write_text("\n".join([heading, *rows]), encoding="utf-8")
    shell("init")
    shell("import", "b.csv", code=1)
    first, second = (next(line for line in shell.err.splitlines() if f"row {at}:" in line) for at in (2, 3))
    assert "“建了”" in first or "'建了'" in first
    assert "industry" in first
    assert "supply has_organization" not in first  # it was given, wrongly
    assert "it is a total and no organisation" in second


@pytest.mark.parametrize("dashes", ["—", "——", "－－", "–"])
def test_dashes_that_a_keyboard_made_of_hyphens_are_told(school, dashes):
    said = school.refused("advance", SCHOOL, "apply", f"{dashes}as", "chaoyang-education", "--lang", "zh", code=2)
    assert "选项以两个半角连字符开头：--as" in said


def test_what_is_filled_in_by_hand_is_written_over_only_by_force(school, tmp_path):
    import openpyxl

    for words in (("template", "-o", "t.csv"), ("import", "one.csv", "--propose", "-o", "m.yaml")):
        school(*words)
        (tmp_path / words[-1]).write_text("mine")
        assert "is there already" in school.refused(*words, code=2)
        assert (tmp_path / words[-1]).read_text() == "mine"
        school(*words, "--force")
        assert (tmp_path / words[-1]).read_text() != "mine"
    report = ("scorecard", "chaoyang-education", "2016", "--as-of", "2016-12-31", "-o", "s.xlsx")
    school(*report)
    school(*report)
    book = openpyxl.load_workbook("s.xlsx")
    book.active["A1"] = "mine"
    book.properties.created = book.properties.created.replace(year=2020)  # when it was made, and saved since
    book.save("s.xlsx")
    book.close()
    kept = (tmp_path / "s.xlsx").read_bytes()
    assert "[not-saved]" in school.refused(*report, code=2)
    assert (tmp_path / "s.xlsx").read_bytes() == kept


# --- what a second and a third clerk stumbled over -------------------------------------------------------------------

REGISTRY = ("--as", "chaoyang-registration")


def test_a_fact_that_a_gate_lacks_is_asked_of_a_body_that_may_tell_it_and_on_that_day(school):
    said = school.refused("gate", "ask", SCHOOL, "annual_inspection", *REGISTRY, "--as-of", "2016-01-11")
    assert f"guikou facts {SCHOOL} --as chaoyang-education --as-of 2016-01-11 " in said


def test_a_gate_says_from_when_on_its_result_may_be_told(school):
    import json

    facts = ["registered_on=2012-05-04", "inspection=qualified", "penalised=false", "investigated=false"]
    school("facts", SCHOOL, *facts, *BY, "--as-of", "2016-01-05")
    evidence = ("-e", "inspection_report=1", "-e", "party_building_report=2")
    school("sweep", "--as-of", "2016-03-02")
    school("gate", "ask", SCHOOL, "annual_inspection", *REGISTRY, "--as-of", "2016-03-02")
    told = ("--as-of", "2016-03-03")
    school(
        "gate",
        "tell",
        SCHOOL,
        "annual_inspection",
        "inspected",
        "--value",
        "qualified",
        evidence[0],
        evidence[1],
        *REGISTRY,
        *told,
    )
    school("gate", "tell", SCHOOL, "annual_inspection", "organization_inspected", evidence[2], evidence[3], *BY, *told)
    asked = ("gate", "ask", SCHOOL, "annual_inspection", *REGISTRY, "--as-of", "2016-10-22")
    said = school(*asked, "--lang", "zh")
    assert "结果自 2016-12-31 起可回报" in said
    assert json.loads(school(*asked, "--format", "json"))["opens"] == "2016-12-31"


def test_why_a_case_is_where_it_is_now(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    said = school("explain", SCHOOL, "--lang", "zh")
    assert "“提交组建申请”（第 2 号事件）" in said.splitlines()[-1]
    assert "第 2 号" not in school("explain", SCHOOL, "--as-of", "2016-01-04", "--lang", "zh")


def test_a_listing_says_to_whom_a_case_went_up_and_where_it_goes_next(school):
    import json

    school("sweep", "--as-of", "2016-08-10")
    (one,) = json.loads(school("overdue", "--stage", "build", "--as-of", "2016-08-10", "--format", "json"))
    assert (one["escalated_to"]["id"], one["escalates_to"]["id"]) == ("beijing-education", "beijing")
    said = school("overdue", "--stage", "build", "--as-of", "2016-08-10", "--lang", "zh")
    assert "已上报至" in said
    assert "下次上报至" in said
    assert "已上报至" not in school("show", SCHOOL, "--as-of", "2016-01-10", "--lang", "zh")


def test_two_that_are_one_are_shown_as_of_the_day(clinic):
    asked = ("same", SCHOOL, clinic.id, "--reason", "重复", "--as", "beijing", "--as-of", "2016-01-20")
    assert "overdue" not in clinic.refused(*asked, code=2)


def test_what_refuses_a_day_does_not_offer_to_take_one(school):
    for command in ("correct", "erase"):
        assert "--as-of" not in school(command, "--help")
    assert "--as-of" in school("remark", "--help")


def test_what_a_correction_changed_of_a_registration_stands_in_the_history(school):
    school("correct", SCHOOL, "employees=62", "--event", "1", "--reason", "数错", "--as", "beijing", "--yes")
    assert "从业人员数：42 → 62" in school("history", SCHOOL, "--lang", "zh")


def test_so_does_a_name_that_was_corrected(school):
    asked = ("employees=62", "--name", "新名学校", "--event", "1", "--reason", "写错", "--as", "beijing", "--yes")
    school("correct", SCHOOL, *asked)
    told = school("history", SCHOOL, "--lang", "zh")
    assert " → 新名学校" in told
    assert "从业人员数：42 → 62" in told


def test_an_import_says_as_of_when(school):
    assert "2016-01-04" in school("imports")
    assert "2016-01-04 起生效" in school("imports", "show", "1", "--lang", "zh")


def test_a_group_says_of_each_command_what_it_does_in_whole_words(school):
    for lang in ("zh", "en"):
        for group in ("audit", "db", "imports", "parked", "policy", "gate", "member", "notices"):
            said = school(group, "--help", "--lang", lang).splitlines()[1:]
            assert not [line for line in said if line.endswith("...")]


def test_a_scorecard_of_nobody_says_how_to_count_a_territory(school):
    school("scorecard", "haidian", "2016", "--as-of", "2016-01-10")
    assert "--territory" in school.err


# --- what a fourth clerk stumbled over -------------------------------------------------------------------------------

FOUNDED = ("--name", "联合党支部", "--area", "chaoyang", "--as", "chaoyang", "--as-of", "2016-01-06")
JOINT = [
    word for fact in ("登记类型=联合党组织", "登记层级=district", "行业领域=社区服务") for word in ("--fact", fact)
]


@pytest.fixture
def pair(school, tmp_path):
    """Two schools of one district."""
    row = "52110105MJ0001029M,朝阳区启智学校,chaoyang,private_non_enterprise,district,education,9,2,false"
    (tmp_path / "two.csv").write_text(f"{HEADING}\n{row}\n", encoding="utf-8")
    school("import", "two.csv", "--as-of", "2016-01-04")
    return school, ("member", "found", "LH-1", SCHOOL, "52110105MJ0001029M", *FOUNDED)


def test_a_group_is_founded_as_its_help_says(pair):
    school, found = pair
    school(*found, *JOINT, "-e", "联合组建协议=2016-8")
    said = school("show", "LH-1", "--as-of", "2016-01-07", "--lang", "zh")
    (step,) = [line for line in said.splitlines() if line.startswith(" 下一步")]
    assert "撤销" not in step  # it may go on for good


def test_what_a_group_lacks_is_given_with_its_own_option(pair):
    school, found = pair
    said = school.refused(*found, "-e", "联合组建协议=2016-8", "--lang", "zh")
    assert said.endswith("请加上 --fact registered_as=值")
    with_type = (*found, "--fact", "registered_as=joint_organization", "-e", "joint_agreement=1")
    assert "guikou facts" not in school.refused(*with_type)


def test_a_sweep_names_what_it_leaves_as_it_is(school):
    school("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-02-05")
    school("sweep", "--as-of", "2016-02-01", "--lang", "zh")
    assert f"未触及：{SCHOOL}" in school.err


def test_what_is_erased_keeps_no_sweep_from_going_back(school):
    school("remark", SCHOOL, "张三", *BY, "--as-of", "2016-01-05")
    school("erase", SCHOOL, "--event", "2", "--reason", "误写", *BY, "--yes")
    assert "marked overdue" in school("sweep", "--as-of", "2016-08-01")
    assert school.err == ""


def test_two_scorecards_say_of_whom_they_are(school):
    asked = ("scorecard", "chaoyang-education", "2016", "--as-of", "2016-06-01", "--lang", "zh")
    own, all_ = school(*asked), school(*asked, "--territory")
    assert "归口本机构及其下级的组织" in own
    assert "区域内全部组织" in all_
    school(*asked, "--territory", "--format", "html", "-o", "one.html")
    with open("one.html", encoding="utf-8") as page:
        text = page.read()
    assert "区域内全部组织" in text
    assert "走势：两个覆盖率" in text  # the first of which there is anything to draw


def test_what_is_recorded_says_how_to_take_it_back(school):
    import shlex

    asked = ("record", SCHOOL, "activity", "--count", "9", "-e", "activity_record=1", *BY, "--as-of", "2016-01-06")
    said = school(*asked)
    strike = said[said.index("guikou strike") :].strip().rstrip(")").replace("WHY", "twice")
    school(*shlex.split(strike)[1:])


@pytest.mark.parametrize("amount", ["2,200.00", "2200", "¥2,200元", "２２００．００"])
def test_an_amount_is_read_as_it_is_printed(school, amount):
    school("record", SCHOOL, "allowance_paid", "--amount", amount, "-e", "voucher=1", *BY, "--as-of", "2016-01-06")
    assert "2200.00 （2016-01-06 发生，属 2016 年）" in school("history", SCHOOL, "--lang", "zh")


def test_what_is_no_amount_is_refused(school):
    for wrong in ("2.200,00", "many", "1e5", "NaN", ""):
        school.refused("record", SCHOOL, "allowance_paid", "--amount", wrong, "-e", "voucher=1", *BY, code=2)


def test_what_was_registered_by_mistake_is_found_by_its_name(school):
    school("imports", "undo", "1", "--reason", "误", "--as-of", "2016-01-04")
    assert NAME in school("show", NAME)
    assert "withdrawn" in school("history", NAME)


def test_a_step_of_the_sweep_is_no_office_s(school):
    school("facts", SCHOOL, "has_organization=true", "weak=true", *BY, "--as-of", "2016-01-05")
    said = school("explain", SCHOOL, "--lang", "zh").splitlines()[-1]
    assert "巡检自动" not in said


def test_a_listing_of_support_says_whose_it_is(school):
    assert "及其下级" in school("support", "--year", "2016", "--under", "chaoyang-education", "--lang", "zh")
    said = school("support", "--year", "2016", "--totals", "body", "--format", "csv").splitlines()[1:]
    bodies = [line.split(",")[0] for line in said]
    assert sorted(bodies, key=bodies.index) == bodies


# --- what a fifth clerk stumbled over --------------------------------------------------------------------------------


def test_an_opening_anew_differs_from_the_opening_that_it_replaces(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "establish", "-e", "approval_document=1", *BY, "--as-of", "2016-01-06")
    school("correct", SCHOOL, "employees=62", "--event", "1", "--reason", "数错", "--as", "beijing", "--yes")
    (anew,) = [line for line in school("history", SCHOOL, "--lang", "zh").splitlines() if "42 → 62" in line]
    assert "已建党组织" not in anew


def test_what_was_erased_is_said(school):
    school("remark", SCHOOL, "张三", *BY, "--as-of", "2016-01-05")
    said = school("erase", SCHOOL, "--event", "2", "--reason", "误写", *BY, "--yes", "--lang", "zh")
    assert "已擦除第 2 号的文字（第 3 号）" in said


# --- named as people name it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", ["海淀区学院路街道党工委", "学院路街道党工委", "海淀区学院路街道党委", "学院路街道党（工）委"]
)
def test_a_committee_is_named_with_or_without_its_brackets_and_its_district(school, body):
    assert json.loads(school("inbox", "--as", body, "--format", "json")) == []
    assert "no body" in school.refused("inbox", "--as", "街道党工委", code=2)


def test_a_supervising_unit_outside_the_policy_is_none(school):
    line = school.refused("facts", SCHOOL, "业务主管单位=海淀区商务局", *BY, "--lang", "zh", code=2)
    assert "没有的，或不在政策之内的，写“无”" in line
    school("facts", SCHOOL, "业务主管单位=无", *BY, "--as-of", "2016-01-05")


def test_a_number_is_written_with_whatever_brackets_the_keyboard_has(shell, tmp_path):
    shell("init")
    row = "京海社备字[2015]012号,清河合唱队,海淀区清河街道,community_filed,street,3,0,false"
    (tmp_path / "one.csv").write_text(f"id,name,area,registered_as,registered_at,employees,party_members,has_organization\n{row}\n", encoding="utf-8")  # fmt: skip
    shell("import", "one.csv", "--as-of", "2016-01-04")
    for number in ("京海社备字[2015]012号", "京海社备字【2015】012号", "京海社备字〔2015〕012号"):
        assert json.loads(shell("show", number, "--format", "json"))["case"] == "京海社备字〔2015〕012号"
    assert "near it: 京海社备字〔2015〕012号" in shell.refused("show", "京海社备字(2015)012号")


def test_what_is_parked_is_named_by_a_beginning_and_is_near_a_part_of_its_name(shell, tmp_path):
    shell("init")
    (tmp_path / "one.csv").write_text(
        "id,name,area,registered_as,registered_at\nBA1,清河合唱队,海淀区清河街道,community_filed,street\n",
        encoding="utf-8",
    )
    shell("import", "one.csv", "--park", code=1)
    assert "near it: BA1 清河合唱队 (parked)" in shell.refused("show", "合唱")
    assert "near it: BA1 清河合唱队" in shell.refused("parked", "drop", "合唱", "--reason", "x")
    shell("parked", "complete", "清河", "employees=3", code=1)
    shell("parked", "drop", "清河合唱", "--reason", "x")


# --- facts -----------------------------------------------------------------------------------------------------------


def test_what_changed_is_told_so_that_a_slip_is_seen(school):
    out = school(
        "facts",
        SCHOOL,
        "employees=430",
        "weak=true",
        "name=新名",
        "area=chaoyang-wangjing",
        *BY,
        "--as-of",
        "2016-01-05",
    )
    assert "  employees: 42 → 430" in out
    assert "  weak and lax: not known → true" in out
    assert f"  name: {NAME} → 新名" in out
    assert "  area: Chaoyang District → Wangjing Subdistrict" in out
    assert "→" not in school("facts", SCHOOL, "employees=430", *BY, "--as-of", "2016-01-06")


def test_facts_that_move_no_case_say_so(school):
    facts = ("has_organization=true", "weak=false", "standardized=false")
    line = school.refused("facts", SCHOOL, facts[0], *BY)
    assert f"guikou facts {SCHOOL} --as chaoyang-education has_organization=true weak=VALUE" in line
    assert "it may need as well: standardised" in line
    school("facts", SCHOOL, *facts, *BY, "--as-of", "2016-01-05")
    assert "a newcomer would start at Standardize: improving; this case is still at Build: preparing" in school.err
    assert f"guikou correct {SCHOOL} --event 1" in school.err


def test_evidence_of_a_fact_goes_by_its_name(school):
    line = school.refused("facts", SCHOOL, "employees=43", "-e", "photo=1", *BY, code=2)
    assert "it takes: employees (employees)" in line
    assert "party_members" not in line
    line = school.refused("facts", SCHOOL, "name=新名", "-e", "photo=1", *BY, "--lang", "zh", code=2)
    assert "可用材料：无，请勿给出" in line


def test_a_trigger_that_can_not_be_taken_yet_is_near_all_the_same(school):
    line = school.refused("advance", SCHOOL, "申请组织验收", *BY, "--lang", "zh", code=2)
    assert "名称相近的：apply_review（申请规范验收）" in line
