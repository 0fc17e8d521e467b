import type { Style } from "../faces.ts";
import { COLOURS } from "../theme.ts";
import { PLATE } from "./palette.ts";
import { type Mark, round, type Scene } from "./scene.ts";

/** A scene as one SVG document: for a page as it stands, for a mail by way of the PNG. */
export type SvgOptions = {
  /** The family's name as the font files or the page's style sheet know it. */
  readonly family?: string;
};

/**
 * The scene as a well-formed SVG document on a light plate, readable in dark mode, with title and description for those who do not see
 * it. Everything from data is escaped.
 */
export function sceneSvg(scene: Scene, options: SvgOptions = {}): string {
  const { edge } = PLATE;
  const [width, height] = [round(scene.width + 2 * edge), Math.ceil(scene.height + 2 * edge)];
  const family = attribute(`${options.family ?? "Tinos"}, Times New Roman, serif`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-edge} ${-edge} ${width} ${height}" role="img" lang="vi" font-family="${family}">`,
    `<title>${escaped(scene.title)}</title>`,
    `<desc>${escaped(scene.alt)}</desc>`,
    `<rect x="${-edge}" y="${-edge}" width="${width}" height="${height}" fill="${PLATE.colour}"/>`,
    ...scene.marks.map(element),
    "</svg>",
    "",
  ].join("\n");
}

function element(mark: Mark): string {
  if (mark.kind === "path") {
    const dash = mark.dash === undefined ? "" : ` stroke-dasharray="${mark.dash.join(" ")}"`;
    return `<path d="${attribute(mark.d)}" fill="none" stroke="${mark.colour}" stroke-width="${mark.width}"${dash}/>`;
  }
  if (mark.kind === "rect") {
    const { x, y, width, height } = mark;
    return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${mark.fill}"/>`;
  }
  if (mark.kind === "circle") {
    return `<circle cx="${round(mark.x)}" cy="${round(mark.y)}" r="${round(mark.radius)}" fill="${mark.fill}" stroke="${mark.colour}" stroke-width="0.9"/>`;
  }
  const anchor = mark.anchor === "start" ? "" : ` text-anchor="${mark.anchor}"`;
  return `<text x="${round(mark.x)}" y="${round(mark.y)}" font-size="${round(mark.size)}"${CUTS[mark.style]}${anchor} fill="${COLOURS.text}">${escaped(mark.text)}</text>`;
}

const CUTS: Readonly<Record<Style, string>> = {
  regular: "",
  bold: ' font-weight="700"',
  italic: ' font-style="italic"',
  boldItalic: ' font-weight="700" font-style="italic"',
};

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** XML allows no control characters and no half surrogates, not even as entities. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>]/gu, (character) => ENTITIES[character] ?? character);
}

function attribute(text: string): string {
  return escaped(text).replaceAll('"', "&quot;");
}
