"""What a reference says of a file."""

from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.evidence import FileReference

DIGEST = "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4"


@given(st.text(min_size=1).filter(str.isprintable), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_file_is_read_from_what_is_written_of_it(name, digest):
    one = FileReference(name, digest)
    assert FileReference.read(one.text) == one


def test_a_number_of_a_document_is_no_file():
    for text in (
        "2016-12",
        "朝教工委〔2016〕12号",
        f"sha256:{DIGEST}",
        f"a.pdf sha256:{DIGEST[:-1]}",
        f"a.pdf sha256:{DIGEST.upper()}",
        "",
    ):
        assert FileReference.read(text) is None
    assert FileReference.read(f"a sha256:b.pdf sha256:{DIGEST}") == FileReference("a sha256:b.pdf", DIGEST)
