"""Workbooks made part by part, to hold what no library writes."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet(*rows, dimension=None, merged=(), numbered=True):
    """A sheet's XML. A row is a list of cells (each its XML, a text or a number; None for none), or (line, cells)."""
    lines, last = [], 0
    for row in rows:
        line, cells = row if isinstance(row, tuple) else (last + 1, row)
        last = line
        made = [
            cell(one, f"{_letters(at)}{line}" if numbered else None) for at, one in enumerate(cells) if one is not None
        ]
        lines.append(f"<row{f' r={quoteattr(str(line))}' if numbered else ''}>{''.join(made)}</row>")
    stated = f"<dimension ref={quoteattr(dimension)}/>" if dimension else ""
    joined = "".join(f"<mergeCell ref={quoteattr(one)}/>" for one in merged)
    joined = f"<mergeCells>{joined}</mergeCells>" if joined else ""
    return f'<worksheet xmlns="{_MAIN}">{stated}<sheetData>{"".join(lines)}</sheetData>{joined}</worksheet>'


def cell(value, place=None):
    at = f" r={quoteattr(place)}" if place else ""
    if isinstance(value, str) and value.startswith("<c"):
        return value.replace("<c", f"<c{at}", 1)
    if isinstance(value, str):
        return f'<c{at} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c{at}><v>{value}</v></c>"


def number(value, style=0):
    return f'<c s="{style}"><v>{value}</v></c>'


def _letters(at):
    found, at = "", at + 1
    while at:
        at, last = divmod(at - 1, 26)
        found = chr(65 + last) + found
    return found


def book(sheets, *, formats=(), strings=None, since_1904=False, states=None, without=(), more=None):
    """A workbook's bytes. `formats` are those of styles 1, 2, ...: the number of a built-in one, or a text; `states` by
    sheet; `without`: parts left out; `more`: parts besides, or instead."""
    custom, xfs = [], ["<xf/>"]
    for one in formats:
        if isinstance(one, str):
            custom.append(f'<numFmt numFmtId="{164 + len(custom)}" formatCode={quoteattr(one)}/>')
            one = 163 + len(custom)
        xfs.append(f'<xf numFmtId="{one}"/>')
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" state="{(states or {}).get(name, "visible")}" r:id="r{at}"/>'
        for at, name in enumerate(sheets, start=1)
    )
    kinds = {name: "chartsheet" if xml.startswith("<chartsheet") else "worksheet" for name, xml in sheets.items()}
    links = "".join(
        f'<Relationship Id="r{at}" Type="{_LINKS}/{kinds[name]}" Target="worksheets/sheet{at}.xml"/>'
        for at, name in enumerate(sheets, start=1)
    )
    links += f'<Relationship Id="s" Type="{_LINKS}/styles" Target="styles.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" Type="{_LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><workbookPr date1904="{int(since_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{"".join(custom)}</numFmts>'
        f"<cellXfs>{''.join(xfs)}</cellXfs></styleSheet>",
        **{f"xl/worksheets/sheet{at}.xml": xml for at, xml in enumerate(sheets.values(), start=1)},
    }
    if strings is not None:
        links += f'<Relationship Id="t" Type="{_LINKS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{"".join(f"<si>{one}</si>" for one in strings)}</sst>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
    parts |= more or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if name not in without:
                package.writestr(name, content)
    return out.getvalue()
