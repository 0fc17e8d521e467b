import { z } from "zod";
import { type Outcome, REFUSALS } from "../domain/delivery.ts";
import type { Content, Edition } from "../domain/edition.ts";
import { FetchError, ReadError, SendError, UsageError } from "../domain/errors.ts";
import { parsePeriod } from "../domain/period.ts";
import type { Problem } from "../domain/run.ts";
import type { PieceName, Pieces } from "../pipeline/crew.ts";

/** A piece as a worker takes it from the queue: whose run queued it, when, and what is to be done. */
export type TakenPiece = {
  readonly job: string;
  readonly slot: Date;
  readonly queuedAt: Date;
  readonly work: unknown;
};

const instant = z.iso.datetime().transform((text) => new Date(text));

/** What an edition must at least be made of before a page is drawn from it; what its blocks hold is the press's to refuse. */
const contentShape = z.looseObject({
  ...{ subject: z.string(), title: z.string(), summary: z.string(), pages: z.boolean() },
  lines: z.array(z.string()),
  masthead: z.looseObject({ kind: z.string() }),
  blocks: z.array(z.looseObject({ kind: z.string() })),
  figures: z.array(z.looseObject({ unit: z.string(), indicator: z.string(), period: z.string() })),
});

const edition: z.ZodType<Edition> = z.strictObject({
  bulletin: z.enum(["daily", "weekly"]),
  ...{ audience: z.string(), issue: z.string(), reissue: z.int().nonnegative(), snapshots: z.array(z.string()) },
  ...{ asOf: instant, composedAt: instant },
  baseline: z
    .strictObject({ edition: z.string().nullable(), day: z.iso.date(), snapshots: z.array(z.string()) })
    .nullable(),
  content: z.custom<Content>((value) => contentShape.safeParse(value).success, "is not what an edition holds"),
});

const WORKS: { readonly [N in PieceName]: z.ZodType<Pieces[N]["work"]> } = {
  "collect-scope": z.strictObject({
    ...{ source: z.string(), scope: z.string(), since: instant.nullable() },
    period: z.string().refine((text) => parsePeriod(text) !== null, "is no period"),
  }),
  "render-edition": z.strictObject({ edition }),
  deliver: z.strictObject({ delivery: z.string().regex(/^[1-9]\d*$/) }),
};

const problem: z.ZodType<Problem> = z.strictObject({
  ...{ cause: z.string(), message: z.string(), severity: z.enum(["partial", "failed", "warning"]) },
});
const outcome: z.ZodType<Outcome> = z.discriminatedUnion("state", [
  z.strictObject({ state: z.enum(["accepted", "unknown", "suppressed"]), reply: z.string() }),
  z.strictObject({
    ...{ state: z.literal("failed"), reply: z.string(), mayPass: z.boolean(), stop: z.boolean() },
    refusal: z.enum(REFUSALS).exactOptional(),
  }),
]);

const GIVEN: { readonly [N in PieceName]: z.ZodType<Pieces[N]["gives"]> } = {
  "collect-scope": z.strictObject({
    ...{ outcome: z.string(), problem: problem.nullable(), stopped: z.string().nullable() },
  }),
  "render-edition": z.union([z.strictObject({ key: z.string() }), z.strictObject({ refused: z.string() })]),
  deliver: outcome.nullable(),
};

const cut = z.strictObject({
  ...{ job: z.string(), slot: instant },
  work: z.strictObject({ program: z.string(), queuedAt: instant, work: z.unknown() }),
});

/** Reads a piece from the queue. Throws a ReadError for one of another program version or of a shape this version does not know. */
export function readPiece(name: string, data: unknown, program: string): TakenPiece {
  const found = cut.safeParse(data);
  if (!found.success) throw unreadable(`a ${name} piece in the queue`, found.error);
  const { job, slot, work } = found.data;
  if (work.program !== program)
    throw new ReadError(
      `a ${name} piece of ${job} was queued by version ${work.program} of the program and this process is version ${program}: it is left to a process of that version`,
    );
  return { job, slot, queuedAt: work.queuedAt, work: work.work };
}

/** Reads what a piece of a name is to do; a ReadError when it is not of the name's shape. */
export function readWork<N extends PieceName>(name: N, work: unknown): Pieces[N]["work"] {
  const found = WORKS[name].safeParse(work);
  if (!found.success) throw unreadable(`the work of a ${name} piece`, found.error);
  return found.data;
}

const ended = z.union([
  z.strictObject({ gives: z.unknown() }),
  z.strictObject({ error: z.strictObject({ name: z.string(), message: z.string(), stack: z.string().optional() }) }),
]);

/** Reads what came of a piece; an error its worker met is thrown here, where the run is. */
export function readGiven<N extends PieceName>(name: N, output: unknown): Pieces[N]["gives"] {
  const found = ended.safeParse(output);
  if (!found.success) throw unreadable(`what came of a ${name} piece`, found.error);
  if ("error" in found.data) throw revived(found.data.error);
  const gives = GIVEN[name].safeParse(found.data.gives);
  if (!gives.success) throw unreadable(`what came of a ${name} piece`, gives.error);
  return gives.data;
}

/** An error as it travels to the run that waits for the piece. */
export function packed(error: unknown): { readonly error: { name: string; message: string; stack?: string } } {
  if (!(error instanceof Error)) return { error: { name: "Error", message: String(error) } };
  const { name, message, stack } = error;
  return { error: { name, message, ...(stack === undefined ? {} : { stack }) } };
}

function revived({ name, message, stack }: { name: string; message: string; stack?: string | undefined }): Error {
  if (name === "FetchError") return new FetchError(message, { mayPass: false, stop: true });
  if (name === "ReadError") return new ReadError(message);
  if (name === "SendError") return new SendError(message, { mayPass: false });
  if (name === "UsageError") return new UsageError(message);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function unreadable(what: string, error: z.ZodError): ReadError {
  return new ReadError(`${what} is not of a shape this version of the program knows: ${z.prettifyError(error)}`);
}
