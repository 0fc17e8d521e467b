/**
 * The accents of ▲ and ▼. `light` stands in the tag, for clients that drop style sheets: 4,5:1 on white, and still told apart
 * when a client inverts it. `dark` is for clients that say they are dark.
 */
export const ACCENTS = {
  up: { light: "#0068A3", dark: "#56B4E9" },
  down: { light: "#B04A00", dark: "#E69F00" },
} as const;

/** Breaks a word only where it would not fit a line of its own. */
const BREAKS = "overflow-wrap:anywhere;word-break:break-word";

/**
 * The HTML of every mail, in eta's syntax; `<%= %>` escapes. Only this file writes tags, only data passed as `it` varies.
 * No colour of its own for text and ground: a dark client inverts both together. A picture has a light plate of its own.
 */
export const MAIL_MARKUP = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title><%= it.title %></title>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.up{color:${ACCENTS.up.dark}!important}.down{color:${ACCENTS.down.dark}!important}}
</style>
</head>
<body style="margin:0;padding:0;-webkit-text-size-adjust:100%">
<!--[if mso]><table role="presentation" width="640" align="center"><tr><td><![endif]-->
<table role="presentation" style="width:100%;max-width:640px;margin:0 auto;border-collapse:collapse;table-layout:fixed">
<tr><td style="padding:14px 16px;font-family:Arial,'Helvetica Neue',Helvetica,sans-serif;font-size:16px;line-height:1.45;${BREAKS}">
<% if (it.notice !== null) { %><p style="margin:0 0 12px;padding:6px 8px;border:1px solid #888;font-size:14px;font-weight:bold"><%= it.notice %></p>
<% } %><% it.lines.forEach((line, at) => { %><% if (at === 0) { %><h1 style="margin:0 0 10px;font-size:19px;line-height:1.35;font-weight:bold"><%= line %></h1>
<% } else { %><p style="margin:0 0 8px"><%= line %></p>
<% } %><% }) %><% it.points.forEach((point) => { %><p style="margin:0 0 8px"><% point.forEach((run) => { %><% if (run.strong) { %><b><%= run.text %></b><% } else { %><%= run.text %><% } %><% }) %></p>
<% }) %><p style="margin:14px 0 0;padding:8px 0 0;border-top:2px solid #888;font-size:14px"><% it.identity.forEach((line, at) => { %><% if (at === 0) { %><b><%= line %></b><% } else { %><br><%= line %><% } %><% }) %></p>
<% if (it.picture !== null) { %><p style="margin:14px 0 0"><img src="cid:<%= it.picture.id %>" width="<%= it.picture.width %>" height="<%= it.picture.height %>" alt="<%= it.picture.alt %>" style="display:block;width:100%;max-width:<%= it.picture.width %>px;height:auto;border:0;background:#ffffff;color:#111111;font-size:14px"></p>
<p aria-hidden="true" style="margin:4px 0 0;font-size:14px"><%= it.picture.alt %></p>
<% } %><% it.parts.forEach((part) => { %><% if (part.kind === "heading") { %><h2 style="margin:20px 0 6px;font-size:16px;line-height:1.35"><%= part.text %></h2>
<% } else if (part.kind === "words") { %><p style="margin:0 0 8px"><% part.runs.forEach((run) => { %><% if (run.strong) { %><b><%= run.text %></b><% } else if (run.slanted) { %><i><%= run.text %></i><% } else { %><%= run.text %><% } %><% }) %></p>
<% } else if (part.kind === "note") { %><p style="margin:12px 0 0;font-size:14px;font-style:italic"><%= part.text %></p>
<% } else { %><table<% if (!part.table.captioned) { %> aria-label="<%= part.table.caption %>"<% } %> style="width:100%;border-collapse:collapse;font-size:14px;line-height:1.35;margin:6px 0;overflow-wrap:normal;word-break:normal">
<% if (part.table.captioned) { %><caption style="text-align:left;font-weight:bold;padding:6px 0"><%= part.table.caption %></caption>
<% } %><tr><% part.table.columns.forEach((column) => { %><th scope="col" style="padding:5px 4px;border-bottom:2px solid #888;vertical-align:bottom;text-align:<%= column.align %>"><%= column.title %><% if (column.below !== "") { %><br><span style="font-weight:normal"><%= column.below %></span><% } %></th><% }) %></tr>
<% part.table.rows.forEach((row) => { %><% const edge = row.below === "" ? "border-bottom:1px solid #999" : "border-bottom:0"; %><tr><% row.cells.forEach((cell) => { %><% const tag = cell.heads ? "th" : "td"; %><<%= tag %><% if (cell.heads) { %> scope="row"<% } %> style="padding:5px 4px;<%= edge %>;vertical-align:top;text-align:<%= cell.align %><% if (cell.whole) { %>;white-space:nowrap<% } %><% if (cell.breaks) { %>;${BREAKS}<% } %><% if (row.total) { %>;border-top:2px solid #888<% } %>;font-weight:<%= cell.strong ? "bold" : "normal" %>"><% if (cell.accent !== "") { %><% const way = cell.accent === "▲" ? "up" : "down"; %><span class="<%= way %>" style="color:<%= way === "up" ? "${ACCENTS.up.light}" : "${ACCENTS.down.light}" %>"><%= cell.accent %></span><% } %><%= cell.text %></<%= tag %>><% }) %></tr>
<% if (row.below !== "") { %><tr><td colspan="<%= row.cells.length %>" style="padding:0 4px 6px;border-bottom:1px solid #999;${BREAKS}"><%= row.below %></td></tr>
<% } %><% }) %></table>
<% } %><% }) %></td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</body>
</html>
`;
