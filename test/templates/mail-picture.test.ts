import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { rawMail } from "../../src/adapters/channels/raw-mail.ts";
import { findChromium, photograph } from "../../src/adapters/chromium.ts";
import { createPress } from "../../src/adapters/press.ts";
import type { Block, Edition } from "../../src/domain/edition.ts";
import { composeMessage } from "../../src/pipeline/message.ts";
import { render } from "../../src/pipeline/publish.ts";
import { bind } from "../../templates/bind.ts";
import { ACCENTS } from "../../templates/email/markup.ts";
import { OFFICE_SETTINGS } from "../support/sample-sights.ts";
import { parseMail } from "../support/smtp.ts";
import { lineChart, sparkline } from "./charts/made-up.ts";
import { daily, dailyWithRanking, longName, weekly, wholeBlock } from "./editions.ts";

const press = createPress();
const chromium = await findChromium(null);

/** The digest with the line of its total, the weekly with its trend. */
const DIGEST = daily({
  blocks: daily().content.blocks.map((block): Block => {
    if (block.kind !== "table" || block.table.rows.at(-1)?.mark !== "total") return block;
    const rows = block.table.rows.map((row) =>
      row.mark === "total" ? { ...row, cells: [...row.cells.slice(0, -1), { text: "", spark: sparkline }] } : row,
    );
    return { kind: "table", table: { ...block.table, rows } };
  }),
});
const BULLETIN = weekly({
  blocks: weekly().content.blocks.flatMap((block): Block[] =>
    block.kind === "page-break" ? [{ kind: "chart", chart: lineChart }, block] : [block],
  ),
});

async function sent(edition: Edition) {
  const files = await render({ press }, edition);
  const recipient = { name: "Thủ trưởng", position: "", email: "a@example.vn", unit: edition.audience, bulletins: [] };
  const raw = await rawMail(composeMessage({ edition, files, recipient, settings: OFFICE_SETTINGS }));
  return { files, raw, parsed: await parseMail(raw) };
}

describe("the picture in a mail", () => {
  it.each([
    ["the digest's line", DIGEST, sparkline.alt, 300_000],
    ["the weekly's trend", BULLETIN, lineChart.alt, 1_500_000],
  ])("%s comes with it, sized, and its figures stand in words too", async (_, edition, alt, most) => {
    const { files, raw, parsed } = await sent(edition);
    const html = parsed.html ?? "";
    const image = /<img src="cid:([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]*)"/.exec(html);
    const [picture, pdf] = parsed.attachments;
    expect(picture).toMatchObject({
      contentId: `<${image?.[1]}>`,
      mimeType: "image/png",
      disposition: "inline",
      related: true,
    });
    const bytes = new Uint8Array(picture?.content as ArrayBuffer);
    expect(Buffer.compare(bytes, files.find(({ kind }) => kind === "png")?.bytes ?? new Uint8Array())).toBe(0);
    const { width, height } = PNG.sync.read(Buffer.from(bytes));
    expect([width / 2, height / 2].map(Math.round)).toEqual([Number(image?.[2]), Number(image?.[3])]);
    expect(Number(image?.[2])).toBeLessThanOrEqual(600);
    expect(image?.[4]).toBe(bind(alt));
    expect(html.split(bind(alt))).toHaveLength(3);
    expect(parsed.text?.split(alt)).toHaveLength(2);
    expect(parsed.attachments).toHaveLength(2);
    expect(new Uint8Array(pdf?.content as ArrayBuffer).length).toBeLessThanOrEqual(most);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(60_000);
    expect(Buffer.from(html).toString("base64").length * (78 / 76)).toBeLessThanOrEqual(95_000);
    const types = [...raw.toString("latin1").matchAll(/^Content-Type: ([a-z]+\/[a-z]+)/gm)].map((match) => match[1]);
    expect(types).toEqual([
      ...["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html"],
      ...["image/png", "application/pdf"],
    ]);
    expect(raw.equals((await sent(edition)).raw)).toBe(true);
  });

  it("is not there when there is no trend, and neither is a trace of it", async () => {
    const { files, parsed } = await sent(daily());
    expect(files.map(({ kind }) => kind)).toEqual(["pdf", "html", "text"]);
    expect(parsed.html).not.toMatch(/<img|cid:/);
  });

  it("is missed before a mail leaves without it", async () => {
    const files = (await render({ press }, DIGEST)).filter(({ kind }) => kind !== "png");
    const recipient = { name: "A", position: "", email: "a@example.vn", unit: "H21.17", bulletins: [] };
    expect(() => composeMessage({ edition: DIGEST, files, recipient, settings: OFFICE_SETTINGS })).toThrow(
      /^edition daily\/2026-10-12\/H21\.17\/r0: its png is not stored/,
    );
  });
});

describe("how a mail looks", () => {
  it.each(Object.entries(ACCENTS))("%s has 4,5:1 on white and on a dark ground", (_, { light, dark }) => {
    expect(contrast(light, "#FFFFFF")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark, "#1F1F1F")).toBeGreaterThanOrEqual(4.5);
    // A client that turns colours around keeps the hue, so the mark stays told apart from its ground.
    expect(contrast(inverted(light), "#000000")).toBeGreaterThanOrEqual(4.5);
  });

  it("no words below 14 px, no colour of its own under text", () => {
    const html = press.html(BULLETIN);
    const sizes = [...html.matchAll(/font-size:(\d+)px/g)].map((match) => Number(match[1]));
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(14);
    expect(html.replace(/<img[^>]*>/, "")).not.toMatch(/background/);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it.skipIf(chromium === null).each([
    ["the weekly", BULLETIN],
    ["names of 120 letters without a space", dailyWithRanking(wholeBlock(4, longName("-")))],
  ])("a phone of 320 px shows it without scrolling sideways: %s", async (_, edition) => {
    const { wanted } = await photograph(chromium ?? "", press.html(edition), { width: 320, scheme: "dark" });
    expect(wanted).toBe(320);
  });
});

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function inverted(colour: string): string {
  return `#${channels(colour)
    .map((one) => (255 - one).toString(16).padStart(2, "0"))
    .join("")}`;
}

/** WCAG 2: the relative luminance of sRGB colours. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [a, b]
    .map((colour) => {
      const [red = 0, green = 0, blue = 0] = channels(colour).map((one) =>
        one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}
