"""policy diagram, schema: the policy for other programs."""

from __future__ import annotations

import click

from .. import language, names, options
from ..language import t
from ..render import write
from ..session import Session, with_session

#: The kinds of files that a policy has.
_FILES = {
    "policy": ("政策", "policy"),
    "bodies": ("机构", "bodies"),
    "tables": ("决策表", "tables"),
    "workflow": ("流程", "workflow"),
    "examples": ("例子", "examples"),
    "parts": ("记录、关口、联合、支持、指标", "records, gates, groups, support, indicators"),
    "register": ("登记表用语", "synonyms of registers"),
    "mapping": ("对应表", "mapping"),
    "sample": ("样例", "sample"),
}


@click.command("diagram", help=t(
    "把流程和归口画成图：Mermaid 或 Graphviz（dot）。\n\n\b\n示例：\n  guikou policy diagram beijing-2015 --workflow 基金会\n  guikou policy diagram beijing-2015 --routing --format dot | dot -Tsvg -o routing.svg",
    "Draw the workflows and the routing: Mermaid or Graphviz (dot).\n\n\b\nExamples:\n  guikou policy diagram beijing-2015 --workflow foundation\n  guikou policy diagram beijing-2015 --routing --format dot | dot -Tsvg -o routing.svg",
))  # fmt: skip
@options.policy
@click.option(
    "--workflow",
    "workflow",
    type=names.WORKFLOW,
    metavar=t("流程", "WORKFLOW"),
    help=t("哪个流程（默认全部）", "which workflow (default: all)"),
)
@click.option("--routing", is_flag=True, help=t("归口图", "the routing"))
@with_session(formats=("mermaid", "dot"))
def diagram_command(session: Session, policy_name: str | None, workflow: str | None, routing: bool) -> None:
    from ...formats import diagram

    policy = session.named(policy_name)
    draw, draw_routing = diagram.workflow_mermaid, diagram.routing_mermaid
    if session.format == "dot":
        draw, draw_routing = diagram.workflow_dot, diagram.routing_dot
    if routing:
        write(session, draw_routing(policy, language.LANG))
        return
    chosen = [policy.workflows[workflow]] if workflow else list(policy.workflows.values())
    comment = "//" if session.format == "dot" else "%%"
    parts = [draw(policy, one, language.LANG) for one in chosen]
    if len(parts) > 1:
        parts = [f"{comment} {one.name}\n{part}" for one, part in zip(chosen, parts, strict=True)]
    write(session, "\n".join(parts))


@click.command("schema", help=t(
    "输出政策文件的 JSON Schema，供编辑器提示与补全。\n\n\b\n示例：\n  guikou policy schema workflow -o workflow.schema.json",
    "Print the JSON Schema of a policy file, for hover and completion in an editor.\n\n\b\nExample:\n  guikou policy schema workflow -o workflow.schema.json",
))  # fmt: skip
@click.argument("kind", type=names.Words(_FILES), metavar=t("文件", "KIND"))
@with_session(formats=("json",))
def schema_command(session: Session, kind: str) -> None:
    from ...formats import schema

    write(session, schema.text(kind))
