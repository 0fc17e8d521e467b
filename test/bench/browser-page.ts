import type { Block, Cell, Edition, Run, Table } from "../../src/domain/edition.ts";
import { SIZES } from "../../templates/charts/palette.ts";
import { sparklineScene } from "../../templates/charts/sparkline.ts";
import { sceneSvg } from "../../templates/charts/svg.ts";
import type { Faces } from "../../templates/faces.ts";
import { DIGEST_MARGINS, MM } from "../../templates/theme.ts";

const STYLE = `@page{size:A4;margin:${DIGEST_MARGINS.top / MM}mm ${DIGEST_MARGINS.right / MM}mm ${DIGEST_MARGINS.bottom / MM}mm ${DIGEST_MARGINS.left / MM}mm}
body{font-family:Tinos,"Liberation Serif",serif;font-size:12.5pt;line-height:1.22;margin:0}
p{margin:3pt 0;text-align:justify}table{border-collapse:collapse;width:100%;font-size:11pt;margin:4pt 0}
td,th{border:.5pt solid #444;padding:1.5pt 4pt;vertical-align:top}.right{text-align:right;white-space:nowrap}.center{text-align:center}
.h{display:flex;justify-content:space-between;border-bottom:1pt solid #000;padding-bottom:3pt;font-size:11.5pt}
h1{font-size:15pt;text-align:center;margin:6pt 0 4pt}h2{font-size:12.5pt;margin:6pt 0 2pt}
.big{font-size:13.5pt;font-weight:bold}.s{font-size:10pt;font-style:italic}tr.total td{font-weight:bold;background:#e6e6e6}
.bar{height:1.8pt;background:#ddd}.bar i{display:block;height:1.8pt;background:#0072b2}`;

/** A digest's page as HTML for a browser to print: the same words, tables, score bars and line, on the same paper. */
export function browserPage({ content }: Edition, faces: Faces): string {
  const { masthead } = content;
  const head =
    masthead.kind === "digest"
      ? `<div class="h"><b>${text(masthead.left)}</b><b>${text(masthead.right)}</b></div><h1>${text(masthead.unit)}</h1>`
      : "";
  const body = content.blocks.map((block) => blockHtml(block, faces)).join("\n");
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><style>${STYLE}</style>${head}${body}</html>`;
}

function blockHtml(block: Block, faces: Faces): string {
  if (block.kind === "heading") return `<h2>${text(block.text)}</h2>`;
  if (block.kind === "note") return `<p class="s">${text(block.text)}</p>`;
  if (block.kind === "table") return tableHtml(block.table, faces);
  if (block.kind === "box") return block.items.map((runs) => `<p>${runsHtml(runs)}</p>`).join("");
  if (block.kind === "headline") return `<p class="big">${runsHtml(block.runs)}</p>`;
  return block.kind === "paragraph" || block.kind === "item" ? `<p>${runsHtml(block.runs)}</p>` : "";
}

function tableHtml({ columns, rows }: Table, faces: Faces): string {
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  const heads = columns.map(({ title, width }) => `<th style="width:${(100 * width) / all}%">${text(title)}</th>`);
  const lines = rows.map(({ cells, mark }) => {
    const tds = cells.map((cell, at) => `<td class="${columns[at]?.align ?? "left"}">${cellHtml(cell, faces)}</td>`);
    return `<tr class="${mark ?? ""}">${tds.join("")}</tr>`;
  });
  return `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

function cellHtml({ text: words, strong, share, spark }: Cell, faces: Faces): string {
  const bar = share === undefined ? "" : `<div class="bar"><i style="width:${100 * Math.min(1, share)}%"></i></div>`;
  const line = spark === undefined ? "" : sceneSvg(sparklineScene(spark, { width: 150, size: SIZES.paper, faces }));
  return `${strong === true ? `<b>${text(words)}</b>` : text(words)}${bar}${line}`;
}

function runsHtml(runs: readonly Run[]): string {
  return runs.map((run) => (run.strong === true ? `<b>${text(run.text)}</b>` : text(run.text))).join("");
}

function text(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
