"""Evidence that is a file, and remarks, through the real command line."""

import json

SCHOOL, BY = "52110105MJ0001010Q", "chaoyang-education"
APPLY = ["advance", SCHOOL, "apply", "--as", BY, "--as-of", "2016-01-05"]


def test_a_file_is_kept_by_name_and_digest_and_the_same_request_is_the_same_file(school, tmp_path):
    (tmp_path / "申请.pdf").write_bytes(b"1")
    school(*APPLY, "-e", "application=@申请.pdf", "--request-id", "r")
    school(*APPLY, "-e", "application=@申请.pdf", "--request-id", "r")
    said = json.loads(school("history", SCHOOL, "--format", "json"))
    assert len(said) == 2
    assert said[1]["evidence"] == {
        "application": "申请.pdf sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    }
    assert "the same" in school("history", SCHOOL, "--verify-evidence", ".")
    (tmp_path / "申请.pdf").write_bytes(b"2")
    assert "已改动" in school("history", SCHOOL, "--verify-evidence", ".", "--lang", "zh", code=1)
    assert "[request-reused]" in school.refused(*APPLY, "-e", "application=@申请.pdf", "--request-id", "r")
    (tmp_path / "申请.pdf").unlink()
    said = json.loads(school("history", SCHOOL, "--verify-evidence", ".", "--format", "json", code=1))
    assert [(one["seq"], one["evidence"], one["file"], one["standing"]) for one in said] == [
        (2, "application", "申请.pdf", "missing")
    ]


def test_a_reference_that_begins_with_an_at(school):
    school(*APPLY, "-e", "application=@@12")
    assert json.loads(school("history", SCHOOL, "--format", "json"))[1]["evidence"] == {"application": "@12"}
    assert "no evidence is a file" in school("history", SCHOOL, "--verify-evidence", ".")


def test_a_file_that_cannot_be_read_is_one_line_and_changes_nothing(school):
    for word in ("@none.pdf", "@", "@."):
        assert "[bad-evidence]" in school.refused(*APPLY, "-e", f"application={word}", code=2)
    assert "文件不存在" in school.refused(*APPLY, "-e", "application=@none.pdf", "--lang", "zh", code=2)
    assert len(json.loads(school("history", SCHOOL, "--format", "json"))) == 1


def test_remarks_are_shown(school):
    for at in range(7):
        school("remark", SCHOOL, f"第 {at} 次", "--as", BY, "--as-of", "2016-01-05", "--request-id", f"r{at}")
    said = json.loads(school("show", SCHOOL, "--format", "json"))
    assert [one["text"] for one in said["remarks"]] == [f"第 {at} 次" for at in range(2, 7)]
    assert said["remarks"][0]["body"]["id"] == BY
    assert "第 6 次" in school("show", SCHOOL)
    assert "备注" in school("history", SCHOOL, "--lang", "zh")
    assert "[bad-remark]" in school.refused("remark", SCHOOL, "a\tb", "--as", BY, code=2)
    assert "[not-visible]" in school.refused("remark", SCHOOL, "x", "--as", "haidian-health")


def test_what_shows_nothing_is_no_evidence(school, tmp_path):
    (tmp_path / "empty.pdf").touch()
    assert "it is empty" in school.refused(*APPLY, "-e", "application=@empty.pdf", code=2)
    assert "no regular file" in school.refused(*APPLY, "-e", "application=@/dev/null", code=2)
    assert "of one line each" in school.refused(*APPLY, "-e", "application=1\n2", code=2)
    assert "can't be seen" in school.refused(*APPLY, "-e", "application=\u200b", code=2)
