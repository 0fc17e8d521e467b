import { createHash } from "node:crypto";
import { type Edition, editionKey, pdfPath } from "../domain/edition.ts";
import { describeError, SendError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import type { Context, EditionFile } from "./context.ts";

/** Renders an edition once: the same edition always gives the same bytes. */
export async function render(ctx: Pick<Context, "press">, edition: Edition): Promise<readonly EditionFile[]> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const files: { kind: EditionFile["kind"]; bytes: Uint8Array }[] = [
    { kind: "html", bytes: encode(ctx.press.html(edition)) },
    { kind: "text", bytes: encode(ctx.press.text(edition)) },
  ];
  if (edition.content.pages) files.unshift({ kind: "pdf", bytes: await ctx.press.pdf(edition) });
  return files.map((file) => ({ ...file, sha256: createHash("sha256").update(file.bytes).digest("hex") }));
}

/**
 * Renders, freezes and writes out editions, one after the other. An edition that cannot be laid out (a character without
 * glyph, a page that overflows) is named as a problem and not frozen; the others go on.
 */
export async function publish(
  ctx: Context,
  editions: readonly Edition[],
): Promise<{ readonly keys: readonly string[]; readonly problems: readonly Problem[] }> {
  const keys: string[] = [];
  const problems: Problem[] = [];
  for (const edition of editions) {
    try {
      const files = await render(ctx, edition);
      keys.push(await ctx.store.editions.freeze(edition, files));
      const pdf = files.find(({ kind }) => kind === "pdf");
      if (pdf !== undefined) await ctx.out.write(pdfPath(edition), pdf.bytes);
      if (keys.length % 25 === 0) ctx.progress(`  ${keys.length} of ${editions.length} editions made`);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      problems.push({
        cause: `render/${edition.bulletin}/${edition.audience}`,
        severity: "partial",
        message: `${editionKey(edition)} was not published: ${describeError(error)}`,
      });
    }
  }
  return { keys, problems };
}
