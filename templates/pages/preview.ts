import { shortDate, weekdayName } from "../../src/domain/calendar.ts";
import type { PreviewState } from "../../src/domain/preview.ts";

/** What the page's markup reads; still unescaped, eta escapes it. */
export type PreviewView = {
  readonly title: string;
  readonly counts: string;
  readonly missing: readonly string[];
  readonly refused: PreviewState["units"];
  readonly units: PreviewState["units"];
};

/** The view of a day's editions for the markup below. */
export function previewView({ day, units, missing }: PreviewState): PreviewView {
  const drawn = units.filter(({ fault }) => fault === null);
  return {
    title: `Xem trước điểm tin chỉ số 766 – ${weekdayName(day)}, ngày ${shortDate(day)}`,
    counts: `${drawn.length}/${units.length} điểm tin đã dựng, chưa gửi cho ai và chưa lưu.`,
    missing,
    refused: units.filter(({ fault }) => fault !== null),
    units: drawn,
  };
}

/** The page: static, one column, readable on a phone, without scripts. */
export const PREVIEW_MARKUP = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= it.title %></title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 1.6rem; border-bottom: 1px solid; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .5rem .35rem 0; border-bottom: 1px solid #8886; vertical-align: top; }
th { font-weight: normal; } thead th { font-weight: bold; } .files { white-space: nowrap; } .files a { display: inline-block; padding: 0 .3rem .3rem 0; } pre { white-space: pre-wrap; font-size: .9rem; margin: 0; }
</style>
</head>
<body>
<h1><%= it.title %></h1>
<p><%= it.counts %></p>
<% if (it.missing.length > 0) { %><h2>Thiếu số liệu</h2>
<% for (const line of it.missing) { %><pre lang="en"><%= line %></pre>
<% } %><% } %><% if (it.refused.length > 0) { %><h2>Không dựng được (<%= it.refused.length %>)</h2>
<table><thead><tr><th scope="col">Đơn vị</th><th scope="col">Lý do</th></tr></thead><tbody>
<% for (const row of it.refused) { %><tr><th scope="row"><%= row.unit %></th><td><pre lang="en"><%= row.fault %></pre></td></tr>
<% } %></tbody></table>
<% } %><h2>Điểm tin theo đơn vị</h2>
<table><thead><tr><th scope="col">Đơn vị và tiêu đề thư</th><th scope="col">Tệp</th></tr></thead><tbody>
<% for (const row of it.units) { %><tr><th scope="row"><b><%= row.name %></b> (<%= row.unit %>)<br><%= row.subject %></th><td class="files"><a href="<%= row.html %>" aria-label="Thư của <%= row.name %>">Thư</a> <a href="<%= row.text %>" aria-label="Thư dạng văn bản của <%= row.name %>">Văn bản</a> <% if (row.pdf) { %><a href="<%= row.pdf %>" aria-label="PDF của <%= row.name %>">PDF</a><% } else { %>(không có PDF)<% } %></td></tr>
<% } %></tbody></table>
</body>
</html>
`;
