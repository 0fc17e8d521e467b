import { createHash } from "node:crypto";
import { type BulletinName, type Edition, editionKey, isPaper, paperPath } from "../domain/edition.ts";
import { describeError, SendError } from "../domain/errors.ts";
import type { Problem } from "../domain/run.ts";
import type { Context } from "./context.ts";
import { type Made, share } from "./crew.ts";
import type { EditionFile } from "./store.ts";

const MOST_SHOWN = 10;

/** Renders an edition once: the same edition always gives the same bytes. */
export async function render(ctx: Pick<Context, "press">, edition: Edition): Promise<readonly EditionFile[]> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const files: { kind: EditionFile["kind"]; bytes: Uint8Array }[] = [
    { kind: "html", bytes: encode(ctx.press.html(edition)) },
    { kind: "text", bytes: encode(ctx.press.text(edition)) },
  ];
  const picture = ctx.press.picture(edition);
  if (picture !== null) files.push({ kind: "png", bytes: picture });
  if (edition.content.pages) files.unshift({ kind: "pdf", bytes: await ctx.press.pdf(edition) });
  if (edition.content.office !== undefined) files.push(...(await ctx.press.office(edition, edition.content.office)));
  return files.map((file) => ({ ...file, sha256: createHash("sha256").update(file.bytes).digest("hex") }));
}

/**
 * Renders and freezes one edition. One that cannot be laid out (a character without glyph, a page that overflows) is not frozen.
 * Of two who make the same edition, the first one's stays.
 */
export async function makeEdition(ctx: Pick<Context, "press" | "store">, edition: Edition): Promise<Made> {
  try {
    return { key: await ctx.store.editions.freeze(edition, await render(ctx, edition)) };
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { refused: error.message };
  }
}

/**
 * Renders and freezes editions, by everybody who has time, and gives their keys. Those that cannot be laid out are missing; the
 * others go on, and one problem names all that are.
 */
export async function publish(
  ctx: Context,
  editions: readonly Edition[],
): Promise<{ readonly keys: readonly string[]; readonly problems: readonly Problem[] }> {
  const made = await share(ctx, {
    name: "render-edition",
    works: editions.map((edition) => ({ edition })),
    one: ({ edition }) => makeEdition(ctx, edition),
    told: (ended) => {
      if (ended % 25 === 0) ctx.progress(`  ${ended} of ${editions.length} editions made`);
    },
  });
  const keys: string[] = [];
  const refused: Refused[] = [];
  for (const [place, edition] of editions.entries()) {
    const gives = made[place] ?? null;
    if (gives === null) throw new Error(`publish: nothing came of ${editionKey(edition)}`);
    if ("key" in gives) keys.push(gives.key);
    else refused.push({ edition, reason: gives.refused });
  }
  return { keys, problems: problemsOf(refused, editions.length) };
}

type Refused = { readonly edition: Edition; readonly reason: string };

/** One problem per bulletin: a word that spoils every page is one cause, not one mail to the administrator per unit. */
function problemsOf(refused: readonly Refused[], total: number): Problem[] {
  const bulletins = [...new Set(refused.map(({ edition }) => edition.bulletin))];
  return bulletins.map((bulletin) => refusedProblem(bulletin, { total, refused }));
}

function refusedProblem(bulletin: BulletinName, all: { total: number; refused: readonly Refused[] }): Problem {
  const own = all.refused.filter(({ edition }) => edition.bulletin === bulletin);
  const units = own.map(({ edition }) => edition.audience);
  const shown = own.slice(0, MOST_SHOWN).map(({ edition, reason }) => `${editionKey(edition)}: ${reason}`);
  const more = own.length > shown.length ? [`… and ${own.length - shown.length} more: ${units.join(", ")}`] : [];
  return {
    cause: `render/${bulletin}/${units[0] ?? ""}${units.length > 1 ? `+${units.length - 1}` : ""}`,
    severity: own.length === all.total ? "failed" : "partial",
    message: [
      `${own.length} of ${all.total} editions were not published; correct the named words and run the job again`,
      ...shown,
      ...more,
    ].join("\n  "),
  };
}

/**
 * Puts the stored papers of editions into the output directory: what was frozen first, also when another process froze it, and
 * also after a run that ended before it came to that. Files that hold these bytes already are left alone.
 * A directory that cannot be written is one problem; the editions are stored all the same.
 */
export async function putOut(
  ctx: Pick<Context, "store" | "out">,
  keys: readonly string[],
): Promise<readonly Problem[]> {
  let missed = 0;
  let fault = "";
  for (const key of keys) {
    const edition = await ctx.store.editions.find(key);
    if (edition === null) continue;
    for (const { kind, bytes } of await ctx.store.editions.files(key)) {
      if (!isPaper(kind)) continue;
      try {
        await ctx.out.write(paperPath(edition, kind), bytes);
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        if (missed === 0) fault = describeError(error);
        missed += 1;
      }
    }
  }
  if (missed === 0) return [];
  const message = `${missed} files are missing in ${ctx.out.directory}: ${fault}. The editions are stored all the same: make room or give write access (DIEMTIN_OUT), then run the job again`;
  return [{ cause: "output/pdf", severity: "partial", message }];
}
