"""Nothing but the policies themselves knows the names of one policy's facts, types and bodies."""

import ast
import re
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from guikou import workflows
from guikou.adapters.formats.schema import MODELS
from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, EventKind
from guikou.engine.policy.facts import CASE_FACTS
from guikou.engine.policy.policy import Parts, Policy
from guikou.engine.policy.workflow import ROLES

ROOT = Path(__file__).resolve().parent.parent
WORDS = re.compile(
    r"beijing|北京|party|党|foundation|基金会|social organi[sz]ation|社会组织|chaoyang|朝阳|yuan|元/|restaurant|餐饮",
    re.I,
)
#: How a command is used may be shown by the policy that comes with guikou.
HELP = {"help", "short_help", "epilog", "metavar"}
EXAMPLE = re.compile(r"^ *guikou .*$", re.M)
#: Words that any program may use for something else.
COMMON = {"missing", "rejected", "join", "register", "coverage"}
SOURCES = sorted(path for room in ("engine", "adapters") for path in (ROOT / room).rglob("*.py"))


def own(model, seen):
    """The keys of a file and of what stands in it, and the words that a key may have: the notation's own."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model not in seen:
            seen.add(model)
            for name, one in model.model_fields.items():
                yield from (name, one.alias or name)
                yield from own(one.annotation, seen)
    elif isinstance(model, str):
        yield model
    elif get_origin(model) is not None:
        for one in get_args(model):
            yield from own(one, seen)


@pytest.fixture(scope="module")
def names():
    """What the policies that come with guikou call their facts, values, types, steps and so on, as far as these are no
    words of the notation in which every policy is written."""
    found = set()
    for name in workflows.names():
        policy = workflows.load(name)
        parts, flows = policy.parts, policy.workflows.values()
        found |= {
            *policy.facts,
            *policy.places.tiers,
            *policy.workflows,
            *policy.obligations,
            *policy.places.bodies,
            *policy.blockers,
        }
        found |= {value for fact in policy.facts.values() for value in fact.titles}
        found |= {area.key for area in policy.places.areas.values()}
        found |= {step.rpartition(".")[2] for flow in flows for step in (*flow.stages, *flow.states)}
        found |= {word for flow in flows for word in (*flow.triggers, *flow.evidence)}
        found |= {*parts.gates, *parts.records, *parts.groups, *parts.support, *parts.figures}
        found |= {word for gate in parts.gates.values() for word in (*gate.grounds, *gate.told)}
    seen = set()
    notation = {word for model in MODELS.values() for word in own(model, seen)}
    kinds = {"integer", "decimal", "string", "enumeration", "boolean", "date", "body"}
    fields = {name for one in (Case, Event, Policy, Parts) for name in one.__dataclass_fields__}
    return found - notation - kinds - fields - COMMON - {*ROLES, *EventKind, *CASE_FACTS}


def said(tree):
    """Each text and each name of a module with its line, without what shows how a command is used."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.keyword) and node.arg in HELP:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, EXAMPLE.sub("", node.value), True
        for field in ("id", "attr", "arg", "name"):
            if isinstance(getattr(node, field, None), str) and hasattr(node, "lineno"):
                yield node.lineno, getattr(node, field), False
        waiting += ast.iter_child_nodes(node)


def named(path, names):
    """What in a module is the name of something that one policy alone knows."""
    text = path.read_text(encoding="utf-8")
    commands = "cli" in path.parts
    for line, word, quoted in said(ast.parse(text)):
        # A word alone may be any variable's; of two words, none.
        known = word in names and (quoted or "_" in word)
        if known or WORDS.search(word):
            yield f"{path.name}:{line}: {word.strip()[:80]}"
    for line, comment in enumerate(text.splitlines(), 1):
        if not commands and WORDS.search(comment):
            yield f"{path.name}:{line}: {comment.strip()[:80]}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_what_only_one_policy_knows(path, names):
    assert not list(named(path, names))


def test_what_only_one_policy_knows_is_found(names, tmp_path):
    assert {"party_members", "hub_membership", "applicant", "establish", "foundation", "chaoyang-education"} <= names
    assert not {"hub", "date", "type", "escalate", "stage", "title", "closed"} & names
    path = tmp_path / "module.py"
    path.write_text(
        'x = {"applicant": 1}\nparty_members = 3\napplicant = facts["grade"]  # 朝阳\nhub = "hub"\n', encoding="utf-8"
    )
    found = [one.split(":")[1] for one in named(path, names)]
    assert sorted(found) == ["1", "2", "2", "3", "3"]
