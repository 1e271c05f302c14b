"""The scorecard's page: its style, and the template that jinja2 fills, escaping all that it is given.

Lengths within the pictures are per cent of their width, so that they fit any page while their text keeps its size.
"""

STYLE = """
:root {
  --ink: #1b232e; --soft: #4d5866; --line: #d5dae0; --track: #eef1f4; --grid: #ccd3da; --page: #ffffff;
  --bar: #2f6394; --due: #b9cfe2; --missed: #b3530c; --met: #1d6b45; --mark: #8f1d21; --target: #111820;
  --sans: system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  --serif: Georgia, "Times New Roman", "Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC", "Songti SC", SimSun,
    serif;
}
:lang(zh-CN) {
  --sans: "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  --serif: "Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC", "Songti SC", SimSun, serif;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 var(--sans);
  font-variant-numeric: tabular-nums lining-nums; overflow-wrap: anywhere; text-spacing-trim: trim-start;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 32px 56px; }
h1, h2, h3, p { margin: 0; }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.soft { color: var(--soft); }

.head { border-top: 4px solid var(--mark); border-bottom: 1px solid var(--line); padding: 20px 0 18px; display: grid;
  grid-template-columns: minmax(0, 1fr) auto; column-gap: 32px; align-items: end; }
.head .kind { grid-column: 1 / -1; font-size: 16px; color: var(--mark); font-weight: 600; letter-spacing: .02em; }
.head h1 { font: 700 34px/1.25 var(--serif); margin-top: 4px; text-wrap: balance; }
.head .year { font: 700 54px/1 var(--serif); color: var(--ink); text-align: right; white-space: nowrap; }
.head dl { grid-column: 1 / -1; margin: 14px 0 0; display: flex; flex-wrap: wrap; gap: 2px 28px; font-size: 13.5px;
  color: var(--soft); }
.head dl div { display: flex; gap: .6em; }
.head dt { white-space: nowrap; }
.head dt::after { content: ":"; }
:lang(zh-CN) .head dt::after { content: "："; }
:lang(zh-CN) .head dl div { gap: 0; }
.head dd { margin: 0; color: var(--ink); }
.invented { margin-top: 16px; padding: 10px 14px; border: 2px solid var(--mark); font-weight: 600; color: var(--mark); }

h2 { font: 700 22px/1.3 var(--serif); text-wrap: balance; }
h3 { font-size: 16px; line-height: 1.4; font-weight: 650; }
.block { margin-top: 44px; }
.block > h2 { display: flex; gap: .6em; padding-bottom: 8px; border-bottom: 1px solid var(--ink); }
.block > h2 span { color: var(--mark); min-width: 1.1em; }
.panels { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 44px; margin-top: 18px; }
.panels.flow { display: block; columns: 2; column-gap: 44px; }
.flow .panel { break-inside: avoid; padding-bottom: 24px; }
.panel { min-width: 0; }
.panel.wide, .panel:only-child { grid-column: 1 / -1; }
.panels.flow:has(.panel:only-child) { columns: 1; }
.panel > header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; align-items: baseline; }
.panel > header p, .more, .empty, .trend .note { font-size: 13px; color: var(--soft); }
.more { margin-top: 8px; }
.empty { margin-top: 14px; }
@media screen and (min-width: 961px) { .panel:not(.wide):not(:only-child) .minor { display: none; } }
.panels + .empty { padding-top: 10px; border-top: 1px solid var(--line); }

.figures { list-style: none; margin: 18px 0 0; padding: 0; display: grid; gap: 26px 32px;
  grid-template-columns: repeat(4, minmax(0, 1fr)); }
.figures > li { border-top: 1px solid var(--line); padding-top: 8px; break-inside: avoid; min-width: 0; display: grid;
  grid-row: span 2; grid-template-rows: subgrid; row-gap: 2px; }
.figures .name { font-size: 14px; line-height: 1.4; align-self: end; }
.figures .big { display: block; font: 700 38px/1.45 var(--serif); letter-spacing: -.01em; white-space: nowrap; }
.figures .big.long { font-size: 27px; line-height: 2.04; }
.figures .big.longer { font-size: 18px; line-height: 3.06; }
.figures .big.none { font: 400 18px/3.06 var(--sans); color: var(--soft); letter-spacing: 0; }
.figures .big.missed { color: var(--missed); }
.figures .of { display: block; font-size: 13px; color: var(--soft); }
.figures svg.bar { margin: 4px 0 2px; }
.notes { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12.5px;
  line-height: 1.45; color: var(--soft); }
.notes .met, .notes .missed { font-weight: 650; }
.notes .met { color: var(--met); }
.notes .missed { color: var(--missed); }

.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 28px 0 0; padding: 10px 0 0;
  border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend .name { font-weight: 650; color: var(--ink); }

table { width: 100%; border-collapse: collapse; margin-top: 6px; }
th, td { text-align: left; vertical-align: top; padding: 6px 0; font-weight: 400; }
tbody tr { border-top: 1px solid var(--track); break-inside: avoid; }
tbody tr.follows { border-top-color: transparent; }
thead th { font-size: 12.5px; color: var(--soft); padding: 0 0 2px; vertical-align: bottom; }
.bars { table-layout: fixed; }
.bars th:nth-child(1) { width: 31%; padding-right: 16px; }
.bars th:nth-child(3) { width: 24%; }
.long .bars th:nth-child(1) { width: 28%; }
.long .bars th:nth-child(3) { width: 38%; }
.wide .bars th:nth-child(1), .panel:only-child .bars th:nth-child(1) { width: 30%; }
.wide .bars th:nth-child(3), .panel:only-child .bars th:nth-child(3) { width: 18%; }
.bars tbody th { font-size: 14px; line-height: 1.4; }
.bars tr.strong th { font-weight: 650; }
.bars th .small { display: block; font-size: 12.5px; color: var(--soft); font-weight: 400; }
.number { text-align: right; padding-left: 16px; line-height: 1.4; }
.number b { font-weight: 650; white-space: nowrap; }
.number .of { display: block; font-size: 12.5px; color: var(--soft); }
.bars tbody td:nth-child(2) { padding-top: 9px; }
.bars tbody tr.follows > * { padding-top: 0; }
.bars tbody tr.follows > :nth-child(2) { padding-top: 3px; }

svg { display: block; overflow: visible; }
svg text { font: 12px var(--sans); fill: var(--soft); font-variant-numeric: tabular-nums; }
.track { fill: var(--track); }
.grid { stroke: var(--grid); stroke-width: 1; shape-rendering: crispEdges; }
.zero { stroke: var(--soft); stroke-width: 1; shape-rendering: crispEdges; }
.plain { fill: var(--bar); }
.missed-bar { fill: var(--missed); }
.due-bar { fill: var(--due); stroke: var(--bar); stroke-width: 1; }
.doubt { fill: url(#doubt); stroke: var(--soft); stroke-width: .75; }
.goal { stroke: var(--target); stroke-width: 2; }
.told { fill: var(--page); stroke: var(--target); stroke-width: 1.5; }

.stack td, .stack th { padding: 5px 0; }
.stack .swatch { width: 34px; padding-top: 8px; }
.stack td.number { width: 20%; }
.stack tfoot tr { border-top: 1px solid var(--ink); }
.stack tfoot th, .stack tfoot td { font-weight: 650; }
.parts { margin: 10px 0 4px; }
.parts text { font-weight: 650; fill: var(--ink); }
.segment { stroke: var(--page); stroke-width: 1.5; }

.trend .plot { margin: 22px 30px 34px 52px; }
.trend .way { stroke: var(--bar); stroke-width: 2.5; stroke-linecap: round; }
.trend .dot { fill: var(--page); stroke: var(--bar); stroke-width: 2; }
.trend .said { fill: var(--ink); font-weight: 650; paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
.trend .goal { stroke-dasharray: 6 4; stroke-width: 1.5; }
.trend .aim { fill: var(--target); font-weight: 650; paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
.trend tbody { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); column-gap: 32px; }
.trend thead { display: none; }
.trend tbody tr { display: grid; grid-template-columns: minmax(0, 1.3fr) auto minmax(84px, auto); gap: 12px;
  font-size: 13px; }
.trend tbody tr > * { padding: 3px 0; }
.trend td { text-align: right; }
.trend td:nth-child(2) { font-weight: 650; }


@media screen and (max-width: 960px) {
  .panels { grid-template-columns: minmax(0, 1fr); }
  .panels.flow { columns: 1; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media screen and (max-width: 560px) {
  main { padding: 20px 16px 40px; }
  .head { grid-template-columns: minmax(0, 1fr); }
  .head h1 { font-size: 26px; }
  .head .year { text-align: left; font-size: 36px; margin-top: 8px; }
  .figures { gap: 20px; }
  .figures .big { font-size: 30px; }
  .figures .big.long { font-size: 20px; line-height: 2.18; }
  .figures .big.longer { font-size: 14px; line-height: 3.1; }
  .bars, .bars thead, .bars tbody { display: block; }
  .bars tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: 6px 0; }
  .bars thead tr { padding: 0; }
  .bars tr > * { padding: 0 !important; width: auto !important; }
  .bars thead th:nth-child(1), .bars thead th:nth-child(3) { display: none; }
  .bars tr > :nth-child(2) { grid-column: 1 / -1; grid-row: 2; }
  .bars tbody tr > :nth-child(2) { padding-top: 4px !important; }
  .bars .number { padding-left: 16px !important; }
  .stack td.number { width: 28%; }
  .trend .plot { margin: 20px 22px 30px 44px; }
}
@media screen and (max-width: 860px) { .trend .sparse { display: none; } }
@page { size: A4; margin: 14mm 15mm 16mm; @bottom-center { content: counter(page) " / " counter(pages);
  font: 9pt sans-serif; color: #4d5866; } }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10pt; line-height: 1.45; }
  main { max-width: none; padding: 0; }
  h2, h3, p { orphans: 3; widows: 3; }
  h2 { font-size: 14.5pt; }
  .head { padding: 12px 0 10px; }
  .head h1 { font-size: 22pt; }
  .head .year { font-size: 32pt; }
  .head dl { margin-top: 8px; font-size: 9pt; }
  .invented { margin-top: 12px; padding: 6px 12px; }
  .figures { gap: 12px 22px; margin-top: 12px; }
  .figures .big { font-size: 22pt; }
  .figures .big.long { font-size: 14pt; line-height: 2.28; }
  .figures .big.longer { font-size: 10pt; line-height: 3.19; }
  .figures .name, .figures .of { font-size: 9pt; }
  .notes { font-size: 8.5pt; }
  .legend { margin-top: 14px; font-size: 8.5pt; gap: 4px 13px; }
  .legend li { gap: 5px; }
  .block { margin-top: 24px; }
  .panels, .panels.flow { display: block; columns: 1; margin-top: 12px; }
  .flow .panel { padding-bottom: 0; }
  .panel + .panel { margin-top: 18px; }
  .bars th:nth-child(1) { width: 30% !important; }
  .bars th:nth-child(3) { width: 24% !important; }
  .block > h2, .panel > header, thead { break-after: avoid; }
  .panel, .figures, .trend, .whole, .start { break-inside: avoid; }
  .panel.tall { break-inside: auto; }
  /* A browser that heeds no break-after leaves a heading alone: so it takes the room of what follows with it. */
  .block > h2 { display: block; break-inside: avoid; }
  .block > h2 span { display: inline-block; min-width: 1.6em; }
  .block > h2::after { content: ""; display: block; height: 46mm; margin-bottom: -46mm; }
  thead { display: table-header-group; break-inside: avoid; }
  tbody tr:first-child { break-before: avoid; }
  .more, .empty { break-before: avoid; }
  .trend .plot { margin: 14px 30px 26px 52px; }
  .trend .said.sparse { display: none; }
  .trend tbody { grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 20px; }
  .trend tbody tr { font-size: 8pt; line-height: 1.3; gap: 6px; grid-template-columns: minmax(0, 1fr) auto auto; }
}
"""

TEMPLATE = """
{% macro bar(one, high=14) %}
<svg class="bar" width="100%" height="{{ high }}" role="img" aria-label="{{ one.label }}">
<rect class="track" x="0" y="1" width="100%" height="{{ high - 2 }}"/>
{% for x in one.grid %}
<line class="grid" x1="{{ x }}%" y1="0" x2="{{ x }}%" y2="{{ high }}"/>
{% endfor %}
{% if one.doubt %}
<rect class="doubt" x="{{ one.start + one.width }}%" y="3" width="{{ one.doubt }}%" height="{{ high - 6 }}"/>
{% endif %}
{% if one.width %}
<rect class="{{ one.tone if one.tone == 'plain' else one.tone ~ '-bar' }}" x="{{ one.start }}%" y="2"
  width="{{ one.width }}%" height="{{ high - 4 }}"/>
{% endif %}
<line class="zero" x1="{{ one.zero }}%" y1="0" x2="{{ one.zero }}%" y2="{{ high }}"/>
{% for x in one.targets %}
<line class="goal" x1="{{ x }}%" y1="-3" x2="{{ x }}%" y2="{{ high + 3 }}"/>
{% endfor %}
{% if one.published is not none %}
<svg x="{{ one.published }}%" y="{{ high // 2 }}" overflow="visible">
<path class="told" d="M0 -6 L5 0 L0 6 L-5 0 Z"/></svg>
{% endif %}
</svg>
{% endmacro %}
{% macro notes(many) %}
{% if many %}
<ul class="notes">
{% for note in many %}
<li{% if note.tone %} class="{{ note.tone }}"{% endif %}>
{%- if note.mark %}<span aria-hidden="true">{{ note.mark }}</span> {% endif %}{{ note.text }}</li>
{% endfor %}
</ul>
{% endif %}
{% endmacro %}
{% macro swatch(fill, wide=26, high=12) %}
<svg width="{{ wide }}" height="{{ high }}" aria-hidden="true">
<rect width="{{ wide }}" height="{{ high }}" fill="url(#fill{{ fill }})" stroke="#1b232e" stroke-width=".5"/></svg>
{% endmacro %}
<!DOCTYPE html>
<html lang="{{ lang }}">
<head>
<meta name="generator" content="guikou">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ body }} · {{ title }} · {{ year }}{% if generated %} ({{ w.sample }}){% endif %}</title>
<style>{{ style|safe }}</style>
{% if generated %}
<style>@page { @bottom-right { content: "{{ w.sample }}"; font: 700 9pt sans-serif; color: #8f1d21; } }</style>
{% endif %}
</head>
<body>
<svg width="0" height="0" style="position:absolute" aria-hidden="true">
<defs>
<pattern id="doubt" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" fill="#fff"/><rect width="1.6" height="6" fill="#4d5866"/></pattern>
<pattern id="fill0" width="8" height="8" patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="#1f4e79"/></pattern>
<pattern id="fill1" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="8" height="8" fill="#9cc3e0"/><rect width="2" height="8" fill="#1f4e79"/></pattern>
<pattern id="fill2" width="8" height="8" patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="#dfe8ef"/></pattern>
<pattern id="fill3" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#c8701d"/>
<circle cx="3.5" cy="3.5" r="1.6" fill="#fff"/></pattern>
<pattern id="fill4" width="8" height="8" patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="#6d7a87"/></pattern>
<pattern id="fill5" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#f3e2c7"/>
<rect width="6" height="1.6" fill="#8a4a0f"/></pattern>
<pattern id="fill6" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#cfe5dc"/>
<rect width="1.6" height="6" fill="#1d6b45"/></pattern>
<pattern id="fill7" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/>
<path d="M0 0H8M0 0V8" stroke="#4d5866" stroke-width="2"/></pattern>
</defs>
</svg>
<main>
<header class="head">
<p class="kind">{{ title }}</p>
<h1>{{ body }}</h1>
<p class="year"><span class="unseen">{{ w.year }} </span>{{ year }}</p>
<dl>
<div><dt>{{ w.until }}</dt><dd>{{ until }}</dd></div>
<div><dt>{{ w.of }}</dt><dd>{{ of }}</dd></div>
{% if source %}
<div><dt>{{ w.source }}</dt><dd>{{ source }}</dd></div>
{% endif %}
</dl>
</header>
{% if generated %}
<p class="invented" role="note">{{ w.generated }}</p>
{% endif %}
{% if figures %}
<section aria-labelledby="glance">
<h2 id="glance" class="unseen">{{ w.headline }}</h2>
<ul class="figures">
{% for one in figures %}
<li>
<span class="name">{{ one.title }}</span>
<div>
<span class="big{{ ' none' if not one.known }}{{ ' long' if one.value|length > 9 }}
{{- ' longer' if one.value|length > 13 }}
{{- ' missed' if one.bar and one.bar.tone == 'missed' }}">
{{- one.value }}</span>
{% if one.bar %}
{{ bar(one.bar, 10) }}
{% endif %}
{% if one.detail %}
<span class="of">{{ one.detail }}</span>
{% endif %}
{{ notes(one.notes) }}
</div>
</li>
{% endfor %}
</ul>
</section>
{% endif %}
{% if legend %}
<ul class="legend">
<li class="name">{{ w.legend }}</li>
{% for sign, text in legend %}
<li><svg width="30" height="14" aria-hidden="true">
{% if sign == 'value' %}
<rect class="plain" y="2" width="30" height="10"/>
{% elif sign == 'missed' %}
<rect class="missed-bar" y="2" width="30" height="10"/>
{% elif sign == 'due' %}
<rect class="due-bar" y="2" width="30" height="10"/>
{% elif sign == 'doubt' %}
<rect class="doubt" y="3" width="30" height="8"/>
{% elif sign == 'target' %}
<rect class="track" y="1" width="30" height="12"/><line class="goal" x1="15" x2="15" y1="-1" y2="15"/>
{% else %}
<rect class="track" y="1" width="30" height="12"/><path class="told" d="M15 1 L20 7 L15 13 L10 7 Z"/>
{% endif %}
</svg>{{ text }}</li>
{% endfor %}
</ul>
{% endif %}
{% if trend %}
<section class="block trend" aria-labelledby="trend">
<h2 id="trend">{{ w.trend }}{{ trend.title }}</h2>
{% if trend.points %}
<div class="plot">
<svg width="100%" height="170" role="img" aria-label="{{ trend.label }}">
{% for y, text in trend.y_axis %}
<line class="grid" x1="0" x2="100%" y1="{{ y * 1.7 }}" y2="{{ y * 1.7 }}"/>
<text x="-10" y="{{ y * 1.7 + 4 }}" text-anchor="end">{{ text }}</text>
{% endfor %}
{% for x, text, keep in trend.x_axis %}
<text{% if not keep %} class="sparse"{% endif %} x="{{ x }}%" y="192" text-anchor="middle">{{ text }}</text>
{% endfor %}
{% for y, text, foot in trend.targets %}
<line class="goal" x1="0" x2="100%" y1="{{ y * 1.7 }}" y2="{{ y * 1.7 }}"/>
{% if text %}
<text class="aim" x="0" y="{{ foot }}">{{ text }}</text>
{% endif %}
{% endfor %}
{% for x1, y1, x2, y2 in trend.lines %}
<line class="way" x1="{{ x1 }}%" y1="{{ y1 * 1.7 }}" x2="{{ x2 }}%" y2="{{ y2 * 1.7 }}"/>
{% endfor %}
{% for one in trend.points %}
<circle class="dot" cx="{{ one.x }}%" cy="{{ one.y * 1.7 }}" r="3.5"/>
{% if one.text %}
<text class="said{{ '' if one.keep else ' sparse' }}" x="{{ one.x }}%" y="{{ one.foot }}"
  text-anchor="{{ one.anchor }}">
{{- one.text }}</text>
{% endif %}
{% endfor %}
</svg>
</div>
{% endif %}
<table role="table">
<caption class="unseen">{{ trend.title }}</caption>
<thead><tr><th scope="col">{{ w.day }}</th><th scope="col">{{ w.value }}</th>
<th scope="col">{{ w.made }}</th></tr></thead>
<tbody role="rowgroup">
{% for day, value, made in trend.rows %}
<tr role="row"><th scope="row" role="rowheader">{{ day }}</th><td role="cell">{{ value }}</td>
<td role="cell" class="soft">
{{- made }}</td></tr>
{% endfor %}
</tbody>
</table>
{% if trend.note %}
<p class="note">{{ trend.note }}</p>
{% endif %}
</section>
{% endif %}
{% for block in blocks %}
<section class="block{{ ' whole' if block.whole }}" aria-labelledby="block{{ block.number }}">
<h2 id="block{{ block.number }}"><span>{{ block.number }}</span>{{ block.title }}</h2>
{% if block.panels %}
<div class="panels{{ ' flow' if block.flows }}">
{% for panel in block.panels %}
<div class="panel{{ ' wide' if panel.wide }}{{ ' tall' if panel.rows|length > 10 }}{{ ' long' if panel.long }}">
<header><h3>{{ panel.title }}</h3>{% if panel.sub %}<p>{{ panel.sub }}</p>{% endif %}</header>
{% if panel.stack %}
<svg class="parts" width="100%" height="54" role="img" aria-label="{{ panel.label }}">
{% for part in panel.stack %}
<rect class="segment" x="{{ part.start }}%" y="20" width="{{ part.width }}%" height="34"
  fill="url(#fill{{ part.fill }})"/>
{% if part.named %}
<text x="{{ part.start }}%" y="13" dx="1">{{ part.named }}</text>
{% endif %}
{% endfor %}
</svg>
<table class="stack">
<caption class="unseen">{{ panel.title }}</caption>
<thead><tr><th scope="col" colspan="2">{{ panel.head }}</th><th scope="col" class="number">{{ w.value }}</th>
<th scope="col" class="number">{{ w.share }}</th></tr></thead>
<tbody>
{% for part in panel.stack %}
<tr><td class="swatch">{{ swatch(part.fill) }}</td><th scope="row">{{ part.title }}</th>
<td class="number"><b>{{ part.value }}</b></td><td class="number">{{ part.share }}</td></tr>
{% endfor %}
</tbody>
<tfoot><tr><td></td><th scope="row">{{ w.total }}</th><td class="number">{{ panel.total }}</td><td></td></tr></tfoot>
</table>
{% else %}
<table class="bars" role="table">
<caption class="unseen">{{ panel.title }}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{{ panel.head }}</th>
<th scope="col" role="columnheader"><span class="unseen">{{ w.chart }}</span>
{% if panel.axis %}
<svg width="100%" height="16" aria-hidden="true">
{% for tick in panel.axis %}
<text{% if loop.length == 5 and loop.index is even %} class="minor"{% endif %} x="{{ tick.at }}%" y="12"
  text-anchor="{{ tick.anchor }}">{{ tick.text }}</text>
{% endfor %}
</svg>
{% endif %}
</th><th scope="col" role="columnheader" class="number">{{ w.value }}</th></tr></thead>
<tbody role="rowgroup">
{% for row in panel.rows %}
<tr role="row" class="{{ 'strong' if row.strong }}{{ ' follows' if row.follows }}">
<th scope="row" role="rowheader">
{%- if row.small and row.follows %}<span class="unseen">{{ row.title }} </span>{% else %}{{ row.title }}{% endif %}
{%- if row.small %}<span class="small">{{ row.small }}</span>{% endif %}</th>
<td role="cell">
{% if row.bar %}
{{ bar(row.bar) }}
{% endif %}
{{ notes(row.notes) }}
</td>
<td role="cell" class="number"><b>{{ row.value }}</b>
{%- if row.detail %}<span class="of">{{ row.detail }}</span>{% endif %}
</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if panel.more %}
<p class="more">{{ panel.more }}</p>
{% endif %}
</div>
{% endfor %}
</div>
{% endif %}
{% for text in block.empty %}
<p class="empty">{{ text }}</p>
{% endfor %}
{% if not block.panels and not block.empty %}
<p class="empty">{{ w.nothing }}</p>
{% endif %}
</section>
{% endfor %}
</main>
</body>
</html>
"""
