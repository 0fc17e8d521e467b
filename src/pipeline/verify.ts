import { createHash } from "node:crypto";
import { SendError, UsageError } from "../domain/errors.ts";
import type { Context } from "./context.ts";
import { render } from "./publish.ts";
import type { FileKind } from "./store.ts";

/** Looking does not ask, write or send. `program` is the one that looks. */
export type VerifyContext = Pick<Context, "store" | "press" | "progress"> & { readonly program: string };

/**
 * Where an edition's stored bytes and its frozen words part. `stored`: the bytes no longer match their own sha256; `missing`: a file
 * the words ask for is not there, or one they do not; `rendered`: drawn again by the program that made it, the words give other
 * bytes; `redrawn`: they do so with another program than the one that made it, which is no damage.
 */
export type Mismatch = {
  readonly edition: string;
  readonly file: FileKind;
  readonly kind: "stored" | "missing" | "rendered" | "redrawn";
  readonly message: string;
};

/** Of one edition: are its bytes those that were stored, and do its words give them today? */
export type EditionVerdict = {
  readonly edition: string;
  readonly files: number;
  readonly intact: boolean;
  readonly sameToday: boolean;
  /** Which program drew it; null when that was not noted. */
  readonly program: string | null;
};

export type Verified = {
  readonly editions: number;
  readonly files: number;
  readonly verdicts: readonly EditionVerdict[];
  readonly mismatches: readonly Mismatch[];
};

/** True for a mismatch that says the archive is damaged; a newer program that draws otherwise is none. */
export function isDamage({ kind }: Mismatch): boolean {
  return kind !== "redrawn";
}

const TOLD_EVERY = 100;

/**
 * Renders editions again from their frozen content and compares every file with the stored one, byte for byte by sha256.
 * `all` or the ids of some. Throws UsageError for an id that is not there.
 */
export async function verify(ctx: VerifyContext, asked: readonly string[] | "all"): Promise<Verified> {
  const keys = asked === "all" ? (await ctx.store.editions.list()).map(({ id }) => id) : asked;
  const mismatches: Mismatch[] = [];
  const verdicts: EditionVerdict[] = [];
  for (const [index, key] of keys.entries()) {
    const one = await verifyOne(ctx, key);
    verdicts.push(one.verdict);
    mismatches.push(...one.mismatches);
    if ((index + 1) % TOLD_EVERY === 0)
      ctx.progress(`  ${index + 1}/${keys.length} editions, ${mismatches.length} differ`);
  }
  const files = verdicts.reduce((sum, verdict) => sum + verdict.files, 0);
  return { editions: keys.length, files, verdicts, mismatches };
}

async function verifyOne(
  ctx: VerifyContext,
  key: string,
): Promise<{ verdict: EditionVerdict; mismatches: Mismatch[] }> {
  const edition = await ctx.store.editions.find(key);
  if (edition === null) throw new UsageError(`there is no edition ${key}; "diemtin editions list" shows them`);
  const stored = await ctx.store.editions.files(key);
  const program = await ctx.store.editions.program(key);
  const isOwn = program === ctx.program;
  const drawn = isOwn ? "" : ` (made by ${program ?? "a program that was not noted"}; this is ${ctx.program})`;
  const mismatches: Mismatch[] = [];
  const note = (kind: Mismatch["kind"], file: Mismatch["file"], what: string) =>
    mismatches.push({ edition: key, file, kind, message: `${key}, ${file}: ${what}` });
  const verdictOf = (): EditionVerdict => ({
    ...{ edition: key, files: stored.length, program },
    intact: !mismatches.some(({ kind }) => kind === "stored" || kind === "missing"),
    sameToday: !mismatches.some(({ kind }) => kind === "rendered" || kind === "redrawn"),
  });
  for (const { kind, bytes, sha256 } of stored) {
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256)
      note("stored", kind, `the stored bytes have sha256 ${found}, ${sha256} was noted when they were made`);
  }
  const differs = isOwn ? "rendered" : "redrawn";
  const rendered = await render(ctx, edition).catch((error: unknown) => {
    if (!(error instanceof SendError)) throw error;
    return error.message;
  });
  if (typeof rendered === "string") {
    note(differs, edition.content.pages ? "pdf" : "html", `its words can no longer be set: ${rendered}${drawn}`);
    return { verdict: verdictOf(), mismatches };
  }
  const kinds = new Set([...stored, ...rendered].map(({ kind }) => kind));
  for (const kind of kinds) {
    const [kept, made] = [stored.find((file) => file.kind === kind), rendered.find((file) => file.kind === kind)];
    if ((kept === undefined) !== (made === undefined))
      note("missing", kind, kept === undefined ? "it is not stored" : "it is stored, and the words ask for none");
    else if (kept !== undefined && made !== undefined && kept.sha256 !== made.sha256)
      note(differs, kind, `stored is ${kept.sha256}, the frozen words give ${made.sha256} today${drawn}`);
  }
  return { verdict: verdictOf(), mismatches };
}
