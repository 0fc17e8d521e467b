import { fork, type Serializable, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "../../src/adapters/chromium.ts";
import { type DevTools, openDevTools } from "../../src/adapters/devtools.ts";
import { printPdf } from "../../src/adapters/pdf.ts";
import { loadFonts } from "../../src/adapters/pdf-fonts.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { browserPage } from "./browser-page.ts";
import { recordedCalls, replay } from "./recorded.ts";

const WARM_UP = 10;
const MEASURED = 40;
const PRINTED = 15;

/** Milliseconds per page. `chromium` is null where no browser is installed; `one` and `two` are of all digests together. */
export type MeasuredDrawing = {
  readonly ours: number;
  readonly bare: number;
  readonly calls: number;
  readonly chromium: number | null;
  readonly digests: number;
  readonly one: number;
  readonly two: number;
};

/** What layout adds to pdfkit's own drawing of a digest, what a browser needs for the same page, and what a second worker brings. */
export async function measureDrawing(editions: readonly Edition[]): Promise<MeasuredDrawing> {
  const fonts = loadFonts();
  const [ours, bare]: [number[], number[]] = [[], []];
  let calls = 0;
  for (const [index, edition] of editions.slice(0, WARM_UP + MEASURED).entries()) {
    const recorded = await recordedCalls(edition, fonts);
    calls = recorded.length;
    const laid = await timed(() => printPdf(edition, fonts));
    const drawn = await timed(() => printPdf(edition, fonts, (doc) => replay(doc, recorded)));
    if (index < WARM_UP) continue;
    ours.push(laid);
    bare.push(drawn);
  }
  return {
    ...{ ours: middle(ours), bare: middle(bare), calls },
    chromium: await measureChromium(editions.slice(0, PRINTED)),
    digests: editions.length,
    one: await measureWorkers(editions, 1),
    two: await measureWorkers(editions, 2),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function middle(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** All digests shared out among so many processes, from the word to the last one drawn; starting, fonts and warming up are not counted. */
async function measureWorkers(editions: readonly Edition[], count: number): Promise<number> {
  const workers = Array.from({ length: count }, () =>
    fork(fileURLToPath(new URL("draw-process.ts", import.meta.url)), [], {
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
    }),
  );
  const all = (said: (at: number) => readonly Edition[] | "go") =>
    Promise.all(
      workers.map((worker, at) => {
        const done = once(worker, "message");
        worker.send(said(at) as Serializable);
        return done;
      }),
    );
  try {
    await all((at) => editions.filter((_, index) => index % count === at));
    return await timed(() => all(() => "go"));
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** The same page, laid out by a browser that is already running, and printed. Each page is another one; the first are not counted. */
async function measureChromium(editions: readonly Edition[]): Promise<number | null> {
  const browser = await findChromium(null);
  if (browser === null) return null;
  const profile = await mkdtemp(join(tmpdir(), "diemtin-bench-chromium-"));
  const flags = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const child = spawn(browser, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  try {
    const tools = openDevTools(child);
    const { targetId } = await tools.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await tools.ask("Target.attachToTarget", { targetId, flatten: true });
    const { faces } = loadFonts();
    const times: number[] = [];
    for (const edition of editions) {
      const html = browserPage(edition, faces);
      times.push(await timed(() => printed(tools, String(sessionId), html)));
    }
    return middle(times.slice(5));
  } finally {
    child.kill("SIGKILL");
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function printed(tools: DevTools, session: string, html: string): Promise<void> {
  const { frameTree } = (await tools.ask("Page.getFrameTree", {}, session)) as { frameTree: { frame: { id: string } } };
  await tools.ask("Page.setDocumentContent", { frameId: frameTree.frame.id, html }, session);
  const paper = { paperWidth: 8.27, paperHeight: 11.69, printBackground: true, preferCSSPageSize: true };
  await tools.ask("Page.printToPDF", paper, session);
}
