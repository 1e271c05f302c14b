"""Keys of Ed25519 that sign seals: each in a file of its own, which only its owner may read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guikou.engine.audit.statements import key_id
from guikou.engine.errors import BadKey, NotSaved
from guikou.engine.errors.reasons import os_reason
from guikou.engine.text import brief

from .extras import not_installed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: No file of a key is larger.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, with the public half as hexadecimal digits."""

    id: str
    public: str
    _private: Any

    __repr__ = brief("id")

    def sign(self, text: bytes) -> str:
        """A signature, as hexadecimal digits."""
        signature: bytes = self._private.sign(text)
        return signature.hex()


def new_key(file: str | Path, passphrase: str | None = None) -> Signer:
    """Make a key, and keep it in a new file (PEM, PKCS 8; with a passphrase, encrypted). Raises NotSaved and
    NotInstalled."""
    serialization = _serialization()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    locked = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    text = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            try:
                opened.write(text)
                opened.flush()
                os.fsync(opened.fileno())
            except OSError:
                os.unlink(file)
                raise
    except FileExistsError as error:
        raise NotSaved(path=str(file), reason_en="it is there already", reason_zh="该文件已存在") from error
    except OSError as error:
        why = os_reason(error)
        raise NotSaved(path=str(file), reason_en=why.en, reason_zh=why.zh) from error
    return _signer(private)


def read_key(file: str | Path, passphrase: str | None = None) -> Signer:
    """The key in a file. Raises BadKey and NotInstalled."""
    serialization = _serialization()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = Path(file)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise BadKey(file=str(file), reason_en="it is no regular file", reason_zh="不是普通文件")
        with path.open("rb") as opened:
            text = opened.read(MOST)
    except OSError as error:
        why = os_reason(error)
        raise BadKey(file=str(file), reason_en=why.en, reason_zh=why.zh) from error
    try:
        private = serialization.load_pem_private_key(text, passphrase.encode() if passphrase else None)
    except TypeError as error:  # it is locked and there is no passphrase, or the other way round
        en, zh = ("it needs no passphrase", "该文件没有口令") if passphrase else ("it needs its passphrase", "需要口令")
        raise BadKey(file=str(file), reason_en=en, reason_zh=zh) from error
    except Exception as error:
        en = "the passphrase is wrong, or it is no key" if passphrase else "it is no private key"
        zh = "口令不对，或不是私钥" if passphrase else "不是私钥"
        raise BadKey(file=str(file), reason_en=en, reason_zh=zh) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(file=str(file), reason_en="it is no key of Ed25519", reason_zh="不是 Ed25519 密钥")
    return _signer(private)


def verified(public: str, text: bytes, signature: str) -> bool:
    """Whether a signature is that of a text by the key with this public half. Raises NotInstalled."""
    _serialization()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        signed = bytes.fromhex(signature)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signed, text)
    except (InvalidSignature, ValueError):
        return False
    return signed.hex() == signature  # written in the one way


def _signer(private: Ed25519PrivateKey) -> Signer:
    serialization = _serialization()
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return Signer(key_id(raw.hex()), raw.hex(), private)


def _serialization() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
    except ImportError as error:
        raise not_installed("cryptography", "audit") from error
    return serialization
