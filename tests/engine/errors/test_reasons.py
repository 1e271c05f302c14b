"""What others say went wrong, in both languages."""

import csv
import errno
import os
import pickle

import pytest

from guikou.engine.errors.reasons import InWords, csv_reason, os_reason, reason, yaml_reason


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC])
def test_the_system_is_told_in_chinese_and_in_its_own_words(code):
    told = os_reason(OSError(code, os.strerror(code)))
    assert told.en == os.strerror(code)
    assert not told.zh.isascii()


def test_what_has_no_words_is_told_by_its_code():
    assert os_reason(OSError(errno.EXDEV, "Invalid cross-device link")).zh == "系统错误 EXDEV"
    assert reason(KeyError("x")).zh == "无效（KeyError）"


def test_readers_are_told_by_what_they_found():
    assert csv_reason(csv.Error("unexpected end of data")).zh == "文件在引号内结束，引号未配对"
    assert csv_reason(csv.Error("something new")).zh == "CSV 格式有误"
    assert yaml_reason("did not find expected key").en == "did not find expected key"
    assert yaml_reason("something new").zh == "YAML 格式有误"


def test_a_value_that_says_why_in_both_languages():
    error = pickle.loads(pickle.dumps(InWords("错了", "wrong")))
    assert (str(error), reason(error).zh) == ("wrong", "错了")
