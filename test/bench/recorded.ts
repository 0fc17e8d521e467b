import { printPdf } from "../../src/adapters/pdf.ts";
import type { Fonts } from "../../src/adapters/pdf-fonts.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { drawEdition } from "../../templates/pdf/pages.ts";

/** One call on the document or on something it gave: by their numbers, the document being 0. `asks` reads a property instead. */
type Call = {
  readonly on: number;
  readonly key: string | symbol;
  readonly args: readonly unknown[];
  readonly gives: number;
  readonly asks: boolean;
};

/** Stands for what an earlier call gave. */
class Given {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

/** The calls an edition's drawing makes on pdfkit: text, lines, tags, in order, without the layout that found their places. */
export async function recordedCalls(edition: Edition, fonts: Fonts): Promise<readonly Call[]> {
  const calls: Call[] = [];
  await printPdf(edition, fonts, (doc) => drawEdition(edition, watched(doc, calls), fonts.faces));
  return calls;
}

/** Makes the same calls on another document. */
export function replay(doc: PDFKit.PDFDocument, calls: readonly Call[]): void {
  const objects: Record<string | symbol, unknown>[] = [];
  objects[0] = doc as unknown as Record<string | symbol, unknown>;
  for (const { on, key, args, gives, asks } of calls) {
    const target = objects[on];
    const member = target?.[key];
    const given = args.map((arg) => (arg instanceof Given ? objects[arg.index] : arg));
    const result = asks ? member : (member as (...all: unknown[]) => unknown).apply(target, given);
    objects[gives] = result as Record<string | symbol, unknown>;
  }
}

/** The document as it is, noting every call on it and on the objects it gives. */
function watched(doc: PDFKit.PDFDocument, calls: Call[]): PDFKit.PDFDocument {
  const real = new Map<unknown, object>();
  const known = new Map<object, { readonly proxy: object; readonly index: number }>();
  const watch = (object: object): { readonly proxy: object; readonly index: number } => {
    const seen = known.get(object);
    if (seen !== undefined) return seen;
    const index = known.size;
    const note = (key: string | symbol, args: readonly unknown[], result: unknown, asks: boolean): unknown => {
      const noted = args.map((arg) => {
        const target = real.get(arg);
        return target === undefined ? arg : new Given(known.get(target)?.index ?? 0);
      });
      const watchedResult = typeof result === "object" && result !== null ? watch(result) : null;
      calls.push({ on: index, key, args: noted, gives: watchedResult?.index ?? -1, asks });
      return watchedResult?.proxy ?? result;
    };
    const proxy = new Proxy(object, {
      get: (target, key) => {
        const member = Reflect.get(target, key, target) as unknown;
        if (typeof member === "object" && member !== null) return note(key, [], member, true);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) =>
          note(
            key,
            args,
            member.apply(
              target,
              args.map((arg) => real.get(arg) ?? arg),
            ) as unknown,
            false,
          );
      },
    });
    const entry = { proxy, index };
    known.set(object, entry);
    real.set(proxy, object);
    return entry;
  };
  return watch(doc).proxy as PDFKit.PDFDocument;
}
