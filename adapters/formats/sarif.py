"""A check's report as SARIF 2.1.0, which code-scanning tools read (OASIS, 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guikou.engine.verify.catalogue import CATALOGUE

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(findings: Sequence[dict[str, Any]], version: str, command: str) -> dict[str, Any]:
    """A log of one run. `findings` are as `Finding.as_json` gives them; `command` replays a witness.

    Each message says it in both languages, the English first.
    """
    codes = list(dict.fromkeys(one["code"] for one in findings))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "guikou", "version": version, "rules": [_rule(code) for code in codes]}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, codes.index(one["code"]), command) for one in findings],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code}
    if code in CATALOGUE:
        severity, zh, en = CATALOGUE[code]
        rule["shortDescription"] = {"text": f"{en} / {zh}"}
        rule["defaultConfiguration"] = {"level": _LEVELS[severity]}
    return rule


def _result(one: dict[str, Any], index: int, command: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(one["file"] or "policy.yaml")}}
    if one["line"]:
        physical["region"] = {"startLine": one["line"]}
    location: dict[str, Any] = {"physicalLocation": physical}
    if one["row"]:
        column = f" {one['column']}" if one["column"] else ""
        location["logicalLocations"] = [{"name": f"row {one['row']}{column}", "kind": "element"}]
    en, zh = one["message"]["en"], one["message"]["zh"]
    result: dict[str, Any] = {
        "ruleId": one["code"],
        "ruleIndex": index,
        "level": _LEVELS[one["severity"]],
        "message": {"text": f"{en} / {zh}"},
        "locations": [location],
    }
    if one["witness"] is not None:
        result["properties"] = {"witness": one["witness"], "replay": command}
    return result


def _uri(path: str) -> str:
    from urllib.parse import quote

    return ("file://" if path.startswith("/") else "") + quote(path)
