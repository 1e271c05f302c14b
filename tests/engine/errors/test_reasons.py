"""What others say went wrong, in both languages."""

import csv
import errno
import os
import pickle
import socket
import ssl

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


@pytest.mark.parametrize(
    ("error", "zh"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "文件不存在"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "连接被拒绝"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "读取方已关闭"),
        (TimeoutError("timed out"), "连接超时"),
        (socket.gaierror(-2, "Name or service not known"), "找不到主机"),
        (ssl.SSLError(1, "certificate verify failed"), "TLS 证书或握手有误"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), "系统错误 EXDEV"),
    ],
)
def test_what_the_system_says_is_told_in_chinese_too(error, zh):
    assert os_reason(error).zh == zh
    assert os_reason(error).en == (error.strerror or str(error))
