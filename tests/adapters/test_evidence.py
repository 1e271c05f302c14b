"""Files as evidence."""

import hashlib

import pytest

from guikou.adapters.evidence import file_evidence, reference
from guikou.engine import FileReference
from guikou.engine.errors import BadEvidence


def test_a_file_is_referred_to_by_its_name_and_digest(tmp_path):
    file = tmp_path / "批复 1.pdf"
    file.write_bytes(b"x" * 3_000_000)
    assert file_evidence(file) == f"批复 1.pdf sha256:{hashlib.sha256(b'x' * 3_000_000).hexdigest()}"
    assert FileReference.read(file_evidence(str(file))) == reference(file)


@pytest.mark.parametrize("name", ["none.pdf", "", ".", "folder", "folder/none.pdf", "none.pdf/x", "a\nb", "x" * 300])
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadEvidence) as refused:
        file_evidence(f"{tmp_path}/{name}" if name else "")
    for lang in ("en", "zh"):
        assert len(refused.value.line(lang).splitlines()) == 1
