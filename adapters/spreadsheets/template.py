"""An empty register for a policy, to be filled in: headings in both languages, lists, notes, an example."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import Lang, Title, shown

from ..extras import not_installed
from .asked import always, needed, useful, values
from .writing import A4, in_header, write_csv

#: So many rows are prepared.
ROWS = 2_000
#: Whole numbers beyond it are no longer exact in a spreadsheet.
_EXACT = 2**53 - 1
_EXAMPLE = Title("示例（导入时忽略此行）", "example (this row is not imported)")
_YES, _NO, _NONE = Title("是", "yes"), Title("否", "no"), Title("无", "none")


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a template: what it is, what it is called, whether routing needs it, what can be chosen, what its
    note says, and between which numbers its own are."""

    name: str
    kind: str
    heading: str
    needed: bool
    choices: tuple[str, ...]
    note: str
    least: Any = None
    most: Any = None


def template_columns(policy: Policy, types: Iterable[str], lang: Lang) -> list[TemplateColumn]:
    """The columns of a template for organisations of some types."""
    types = list(types)
    must, perhaps = always(policy, types), needed(policy, types)
    says = {
        **dict.fromkeys(useful(policy, types), Title("可不填", "may be left empty")),
        **dict.fromkeys(perhaps, Title("归口视情况需要", "routing may need it")),
        **dict.fromkeys(must, Title("归口需要", "routing needs it")),
    }
    order = [*must, *(name for name in perhaps if name not in must), *useful(policy, types)]
    made = [_own(policy, name, lang) for name in ("id", "name", "area")]
    return made + [_fact(policy, name, name in must, says[name], types, lang) for name in order]


def _own(policy: Policy, name: str, lang: Lang) -> TemplateColumn:
    notes = {
        "id": Title("按文本填写，不要让表格软件改成数字", "as text: a spreadsheet must not make a number of it"),
        "name": Title("登记的全称", "the full name, as registered"),
        "area": Title("所在区域，尽可能写到最低一级", "where it is: the smallest area that is known"),
    }
    places = policy.places.areas.values()
    areas = tuple(shown(policy.wording.full_title(one), lang) for one in places) if name == "area" else ()
    note = _said(lang, Title("必填", "must be filled in"), notes[name])
    return TemplateColumn(name, name, _heading(OWN[name], True), True, areas, note)


def _fact(policy: Policy, name: str, must: bool, says: Title, types: Sequence[str], lang: Lang) -> TemplateColumn:
    spec = policy.facts[name]
    kind = spec.kind.name
    choices: tuple[str, ...] = ()
    what = {
        "integer": Title("整数", "a whole number"), "decimal": Title("数", "a number"),
        "date": Title("日期，如 2015-11-27", "a day, such as 2015-11-27"), "string": Title("文字", "text"),
    }.get(kind, Title("从列表中选择", "choose from the list"))  # fmt: skip
    if kind == "enumeration":
        choices = tuple(shown(spec.titles[value], lang) for value in values(policy, name, types))
    elif kind == "boolean":
        choices = (shown(_YES, lang), shown(_NO, lang))
    elif kind == "body":
        choices = tuple(shown(one.title, lang) for one in policy.places.bodies.values())
    if spec.nullable and choices:
        choices = (*choices, shown(_NONE, lang))
    parts = [says, what]
    if spec.minimum is not None:
        parts.append(Title(f"不小于 {spec.minimum}", f"at least {spec.minimum}"))
    if spec.maximum is not None:
        parts.append(Title(f"不大于 {spec.maximum}", f"at most {spec.maximum}"))
    if spec.past:
        parts.append(Title("不晚于今天", "not after today"))
    if spec.nullable:
        parts.append(Title("已知没有的填“无”", "'none' where it is known that there is none"))
    return TemplateColumn(
        name, kind, _heading(spec.title, must), must, choices, _said(lang, *parts), spec.minimum, spec.maximum
    )


def _heading(title: Title, must: bool) -> str:
    return (title.zh if title.zh == title.en else f"{title.zh} / {title.en}") + (" *" if must else "")


def _said(lang: Lang, *parts: Title) -> str:
    return ("；" if lang == "zh" else "; ").join(shown(part, lang) for part in parts)


def example_row(
    policy: Policy, columns: Sequence[TemplateColumn], example: Organization | None, lang: Lang
) -> list[Any]:
    """A row as one is filled in, marked so that an import leaves it out."""
    row: list[Any] = [shown(_EXAMPLE, lang), "", ""]
    if example is None:
        return row + [""] * (len(columns) - 3)
    area = policy.places.areas[example.area]
    row[1:] = [example.name, shown(policy.wording.full_title(area), lang)]
    return row + [_cell(policy, one, example.facts.get(one.name, ""), lang) for one in columns[3:]]


def _cell(policy: Policy, column: TemplateColumn, value: Any, lang: Lang) -> Any:
    if value is None:
        return shown(_NONE, lang)
    if isinstance(value, bool):
        return shown(_YES if value else _NO, lang)
    if column.kind == "enumeration" and value != "":
        return shown(policy.facts[column.name].titles[value], lang)
    if column.kind == "body" and value != "":
        return shown(policy.places.bodies[value].title, lang)
    return value


def as_csv(policy: Policy, columns: Sequence[TemplateColumn], example: Organization | None, lang: Lang) -> str:
    """The template as a CSV text: its heading and the example."""
    return write_csv([one.heading for one in columns], [example_row(policy, columns, example, lang)])


def as_xlsx(policy: Policy, columns: Sequence[TemplateColumn], example: Organization | None, lang: Lang) -> bytes:
    """The template as a workbook: a frozen heading with notes, columns formatted by what they hold, lists to choose
    from on a sheet of their own, an example in the first row. Raises NotInstalled."""
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise not_installed("XlsxWriter", "xlsx") from error
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"author": "guikou"})
    sheet = book.add_worksheet("登记表" if lang == "zh" else "register")
    lists = book.add_worksheet("选项" if lang == "zh" else "lists")
    lists.hide()
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 45)
    writer = _Writer(book, sheet, lists)
    for at, (one, value) in enumerate(zip(columns, example_row(policy, columns, example, lang), strict=True)):
        writer.column(at, one, value)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)  # its columns are too many for one page's width
    sheet.set_header(f"&L{in_header(shown(policy.title, lang))}&R&A")
    sheet.set_footer("&C&P / &N")
    book.close()
    return out.getvalue()


class _Writer:
    """Writes a template's columns, each with its list on the sheet of lists."""

    def __init__(self, book: Any, sheet: Any, lists: Any) -> None:
        self._book, self._sheet, self._lists = book, sheet, lists

    def column(self, at: int, one: TemplateColumn, example: Any) -> None:
        from rich.cells import cell_len

        book, sheet = self._book, self._sheet
        form = {"num_format": {"date": "yyyy-mm-dd", "integer": "0", "decimal": "General"}.get(one.kind, "@")}
        widest = max([cell_len(part) for part in one.heading.split(" / ")] + [cell_len(str(example))])
        sheet.set_column(at, at, min(max(widest + 3, 12), 40), book.add_format(form))
        colour = "#FFF2CC" if one.needed else "#EDEDED"
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": colour}
        sheet.write_string(0, at, one.heading, book.add_format(head))
        sheet.write_comment(0, at, one.note, {"author": "guikou", "x_scale": 2, "y_scale": 1.2})
        shown = book.add_format({**form, "italic": True, "font_color": "#808080"})
        if isinstance(example, str):
            sheet.write_string(1, at, example, shown)
        else:
            sheet.write(1, at, example, shown)
        sheet.data_validation(1, at, ROWS, at, self._validation(at, one))

    def _validation(self, at: int, one: TemplateColumn) -> dict[str, Any]:
        from xlsxwriter.utility import xl_range_abs

        rule: dict[str, Any] = {"validate": "any"}
        if one.choices:
            self._lists.write_column(0, at, [one.heading, *one.choices])
            rule = {"validate": "list", "source": f"='{self._lists.name}'!{xl_range_abs(1, at, len(one.choices), at)}"}
        elif one.kind == "date":
            rule = _between("date", date(1900, 3, 1), date(2999, 12, 31))
        elif one.kind in ("integer", "decimal"):
            least, most = -_EXACT if one.least is None else one.least, _EXACT if one.most is None else one.most
            rule = _between(one.kind, least, most)
        title, note = one.heading.partition(" / ")[0][:32], one.note[:255]
        return {**rule, "input_title": title, "input_message": note, "error_title": title, "error_message": note}


def _between(kind: str, least: Any, most: Any) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
