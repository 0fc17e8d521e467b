import { createHash } from "node:crypto";
import { join } from "node:path";
import { findChromium, photograph } from "../adapters/chromium.ts";
import { createOutput } from "../adapters/output.ts";
import { type Edition, pictureId } from "../domain/edition.ts";
import { describeError, SendError } from "../domain/errors.ts";
import type { Context } from "../pipeline/context.ts";
import { render } from "../pipeline/publish.ts";
import type { EditionFile } from "../pipeline/store.ts";

/** Files of an edition as an editor finds them. */
export const PREVIEW_NAMES: Readonly<Record<EditionFile["kind"], string>> = {
  pdf: "digest.pdf",
  html: "mail.html",
  text: "mail.txt",
  png: "trend.png",
  "bao-cao-pdf": "bao-cao.pdf",
  "bao-cao-docx": "bao-cao.docx",
  "appendix-xlsx": "phu-luc.xlsx",
};
/** The width of a common phone, CSS pixels. */
const PHONE = 390;

export type Written = { readonly file: string; readonly bytes: number; readonly sha256: string };

/** Where an edition's files go, and with which browser the mail is photographed; null for no photograph. */
export type PreviewPlace = { readonly directory: string; readonly chromium: string | null };

/**
 * Writes an edition's files as they would be sent, and what a phone shows of the mail. Gives them with the sha256 of their bytes,
 * and why there is no photograph where one was wanted. Throws SendError when the edition cannot be set or the folder not written.
 */
export async function writePreview(
  ctx: Pick<Context, "press">,
  edition: Edition,
  { directory, chromium }: PreviewPlace,
): Promise<{ readonly files: readonly Written[]; readonly noPicture: string | null }> {
  const out = createOutput(directory);
  const files: Written[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    await out.write(name, bytes);
    files.push({
      file: join(directory, name),
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  };
  const rendered = await render(ctx, edition);
  const [html, png] = (["html", "png"] as const).map((kind) => rendered.find((file) => file.kind === kind)?.bytes);
  // Outside a mail nothing answers "cid:"; the rest of the HTML stays as it would be sent.
  const page = (picture: string) =>
    new TextDecoder().decode(html).replaceAll(`"cid:${pictureId(edition)}"`, `"${picture}"`);
  for (const { kind, bytes } of rendered)
    await write(PREVIEW_NAMES[kind], kind === "html" ? new TextEncoder().encode(page(PREVIEW_NAMES.png)) : bytes);
  if (chromium === null) return { files, noPicture: null };
  try {
    const inside = page(`data:image/png;base64,${Buffer.from(png ?? []).toString("base64")}`);
    await write("mail.png", (await photograph(chromium, inside, { width: PHONE, scheme: "light" })).png);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { files, noPicture: describeError(error) };
  }
  return { files, noPicture: null };
}

/** The browser to photograph with, or a line that says why there is none and what to do. */
export async function browserFor(given: string | null): Promise<{ chromium: string | null; why: string | null }> {
  const chromium = await findChromium(given);
  if (chromium !== null) return { chromium, why: null };
  const found = given === null ? "no Chromium is installed" : `CHROMIUM_PATH: ${given} is no program that can be run`;
  return {
    chromium,
    why: `mail.png is not made: ${found}; install the package chromium, or name the program in CHROMIUM_PATH`,
  };
}
