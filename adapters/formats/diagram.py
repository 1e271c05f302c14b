"""Pictures of a policy as text: Mermaid and Graphviz (DOT), of each workflow and of the routing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import ORIGIN, SAME, Workflow
from guikou.engine.rules.unary_tests import UnaryTest
from guikou.engine.rules.wording import in_words
from guikou.engine.text import Lang, Title, shown

_SIGNS = str.maketrans({"<": "＜", ">": "＞", '"': "”", "#": "＃"})
_MORE_SIGNS = str.maketrans({":": "：", ";": "；", "{": "｛", "}": "｝"})


def _plain(text: str) -> str:
    """A text within Mermaid's quotes, without the signs that it reads as its own."""
    return text.replace(">=", "≥").replace("<=", "≤").translate(_SIGNS)


def _bare(text: str) -> str:
    """A text that Mermaid takes without quotes."""
    return _plain(text).translate(_MORE_SIGNS)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _edges(policy: Policy, workflow: Workflow, lang: Lang) -> Iterator[tuple[str, str, str]]:
    """(from, to, label) of every way that moves a case, from and to states or stages. What leads out of all steps of a
    stage leads out of the stage, what one trigger leads to several steps of another stage leads to the stage, and ways
    between the same two are one."""

    def worded(fact: str, test: UnaryTest) -> Title:
        return Title(_test(policy, fact, test, "zh"), _test(policy, fact, test, "en"))

    sources: dict[tuple[str, str, str, str], list[str]] = {}
    for one in workflow.transitions:
        if one.dest != SAME:
            guard = shown(in_words(one.when, worded), lang) if one.when.facts else ""
            stage = workflow.states[one.source].stage
            sources.setdefault((stage, one.dest, one.trigger, guard), []).append(one.source)
    ways: dict[tuple[str, str, str], dict[str, str]] = {}
    for (stage, dest, trigger, guard), states in sources.items():
        whole = len(states) > 1 and set(states) == set(workflow.stages[stage].states) and dest not in states
        entered = workflow.states[dest].stage if dest != ORIGIN else ORIGIN
        for source in [stage] if whole else states:
            # Within a stage each step stands for itself.
            ways.setdefault((source, dest if entered == stage else entered, trigger), {})[dest] = guard
    labels: dict[tuple[str, str], list[str]] = {}
    for (source, entered, trigger), dests in ways.items():
        title = shown(workflow.triggers[trigger], lang)
        dest, guard = next(iter(dests.items()))
        if len(dests) > 1:
            dest, guard = entered, ""
        text = (f"{title}（{guard}）" if lang == "zh" else f"{title} ({guard})") if guard else title
        labels.setdefault((source, dest), []).append(text)
    for (source, dest), texts in labels.items():
        yield source, dest, (" / " if lang == "en" else "／").join(dict.fromkeys(texts))


def _test(policy: Policy, fact: str, test: UnaryTest, lang: Lang) -> str:
    title = shown(policy.vocabulary.title(fact), lang)
    if test.points and test.points[0] is True and not test.negated:
        return title
    if test.points and test.points[0] is False and not test.negated:
        return f"非{title}" if lang == "zh" else f"not {title}"
    return f"{title} {_values(policy, fact, test, lang)}"


def _values(policy: Policy, fact: str, test: UnaryTest, lang: Lang) -> str:
    """A test with an enumeration's values by their titles."""
    if test.points == (None,):
        named = shown(policy.vocabulary.title(fact), lang)
        if test.negated:
            return f"有{named}" if lang == "zh" else f"with a {named}"
        return f"无{named}" if lang == "zh" else f"without a {named}"
    titles: dict[str, Title] = dict(policy.facts[fact].titles) if fact in policy.facts else {}
    if fact == "type":
        titles = {name: one.title for name, one in policy.workflows.items()}
    elif fact in policy.places.tiers:
        titles = {area.key: area.title for area in policy.places.areas.values() if area.tier == fact}
    if not titles or test.intervals:
        return test.text
    points = [
        shown(titles.get(point, point), lang) if point is not None else ("无" if lang == "zh" else "none")
        for point in test.points
    ]
    text = ("、" if lang == "zh" else ", ").join(points)
    if test.negated:
        return f"除 {text}" if lang == "zh" else f"not {text}"
    return text


def _id(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


# --- workflows -------------------------------------------------------------------------------------------------------


def workflow_mermaid(policy: Policy, workflow: Workflow, lang: Lang) -> str:
    """A workflow as a Mermaid state diagram: stages around their steps, a trigger and its guard on each way."""
    lines = ["stateDiagram-v2"]
    for stage in workflow.stages.values():
        title = _plain(shown(stage.title, lang))
        if stage.states == (stage.name,):
            lines.append(f'  state "{title}" as {_id(stage.name)}')
            continue
        lines += [f'  state "{title}" as {_id(stage.name)} {{']
        for state in stage.states:
            lines.append(f'    state "{_plain(shown(workflow.states[state].title, lang))}" as {_id(state)}')
        lines.append("  }")
    back = "回到来处" if lang == "zh" else "where it came from"
    if any(one.dest == ORIGIN for one in workflow.transitions):
        lines.append(f'  state "{back}" as origin')
    for source, dest, label in _edges(policy, workflow, lang):
        lines.append(f"  {_id(source)} --> {_id(dest)} : {_bare(label)}")
    lines += [f"  {_id(name)} --> [*]" for name, state in workflow.states.items() if state.final]
    return "\n".join(lines) + "\n"


def workflow_dot(policy: Policy, workflow: Workflow, lang: Lang) -> str:
    """A workflow as a Graphviz graph: stages are clusters."""
    lines = [f"digraph {_id(workflow.name)} {{", "  rankdir=LR;", "  compound=true;", *_STYLE]
    for stage in workflow.stages.values():
        title = shown(stage.title, lang)
        if stage.states == (stage.name,):
            peripheries = " peripheries=2" if workflow.states[stage.name].final else ""
            lines.append(f"  {_quoted(stage.name)} [label={_quoted(title)}{peripheries}];")
            continue
        lines.append(f"  subgraph {_quoted('cluster_' + stage.name)} {{ label={_quoted(title)}; color=gray;")
        for state in stage.states:
            lines.append(f"    {_quoted(state)} [label={_quoted(shown(workflow.states[state].title, lang))}];")
        lines.append("  }")
    if any(one.dest == ORIGIN for one in workflow.transitions):
        lines.append(
            f"  origin [shape=plaintext label={_quoted('回到来处' if lang == 'zh' else 'where it came from')}];"
        )
    for source, dest, label in _edges(policy, workflow, lang):
        clipped = ""  # Graphviz draws between nodes, and clips the edge at a cluster
        if source not in workflow.states:
            source, clipped = workflow.stages[source].states[-1], f" ltail={_quoted('cluster_' + source)}"
        if dest in workflow.stages and dest not in workflow.states:
            dest, clipped = workflow.stages[dest].states[0], clipped + f" lhead={_quoted('cluster_' + dest)}"
        lines.append(f"  {_quoted(source)} -> {_quoted(dest)} [label={_quoted(label)}{clipped}];")
    return "\n".join([*lines, "}"]) + "\n"


_STYLE = ("  node [shape=box style=rounded fontsize=11];", "  edge [fontsize=9 color=gray40];")


# --- routing ---------------------------------------------------------------------------------------------------------


def _branches(policy: Policy, lang: Lang) -> Iterator[tuple[str, str, str]]:
    """(type, what else a row asks, body) of every row of the routing table, a row of several types once for each."""
    table = policy.table(policy.intake.responsible)
    for row in table.rows:
        tests = [(fact, test) for (fact, _), test in zip(table.inputs, row.tests, strict=True)]
        rest = [
            f"{_values(policy, fact, test, lang)}" for fact, test in tests if fact != "type" and not test.everything
        ]
        held = next((test for fact, test in tests if fact == "type"), None)
        body = _body(policy, row.outputs[0], lang)
        for name in policy.workflows:
            if held is None or held.matches(name):
                yield name, (" · ").join(rest), body


def _body(policy: Policy, written: str | None, lang: Lang) -> str:
    """A body's title; of a template, the first that it names with its area's name left out."""
    if written is None:
        return "-"
    if written in policy.places.bodies:
        return shown(policy.places.bodies[written].title, lang)
    for tier, title in policy.places.tiers.items():
        mark = "{" + tier + "}"
        if mark in written:
            for area in policy.places.areas.values():
                body = policy.places.bodies.get(written.replace(mark, area.key)) if area.tier == tier else None
                if body is not None:
                    around = policy.places.around(area.code).values()
                    text = shown(body.title, lang)
                    for one in around:
                        text = text.replace(shown(one.title, lang), "○")
                    return f"{text}（{title.zh}）" if lang == "zh" else f"{text} ({title.en})"
    hole = written.strip("{}")
    return shown(policy.vocabulary.title(hole), lang) if hole in policy.facts else written


def _tree(
    policy: Policy, lang: Lang, node: Callable[[str, str], str], edge: Callable[[str, str, str], str]
) -> list[str]:
    lines = [node("root", shown(policy.tables[policy.intake.responsible].title, lang))]
    bodies: dict[str, str] = {}
    ways: dict[tuple[str, str], list[str]] = {}
    for name, rest, body in _branches(policy, lang):
        bodies.setdefault(body, f"body{len(bodies)}")
        ways.setdefault((name, body), []).append(rest)
    for name in dict.fromkeys(name for name, _ in ways):
        lines += [node(name, shown(policy.workflows[name].title, lang)), edge("root", name, "")]
    lines += [node(id, title) for title, id in bodies.items()]
    separator = "；" if lang == "zh" else "; "
    lines += [
        edge(name, bodies[body], separator.join(one for one in rests if one)) for (name, body), rests in ways.items()
    ]
    return lines


def routing_mermaid(policy: Policy, lang: Lang) -> str:
    """The routing table as a Mermaid flowchart: each type, and on what it goes to which body."""

    def node(id: str, text: str) -> str:
        return f'  {_id(id)}["{_plain(text)}"]'

    def edge(source: str, dest: str, label: str) -> str:
        return f'  {_id(source)} -->|"{_plain(label)}"| {_id(dest)}' if label else f"  {_id(source)} --> {_id(dest)}"

    return "\n".join(["flowchart LR", *_tree(policy, lang, node, edge)]) + "\n"


def routing_dot(policy: Policy, lang: Lang) -> str:
    """The routing table as a Graphviz graph."""

    def node(id: str, text: str) -> str:
        return f"  {_quoted(id)} [label={_quoted(text)}];"

    def edge(source: str, dest: str, label: str) -> str:
        return f"  {_quoted(source)} -> {_quoted(dest)} [label={_quoted(label)}];"

    return "\n".join(["digraph routing {", "  rankdir=LR;", *_STYLE, *_tree(policy, lang, node, edge), "}"]) + "\n"
