// npm run bench: what one morning costs, printed with its machine; never a test, because a busy machine would fail it.
// Ratios are taken within this one run. DATABASE_URL and a configuration are ignored: a fresh embedded server in a temp folder.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import { type Database, openDatabase } from "../../src/context.ts";
import type { Edition } from "../../src/domain/edition.ts";
import { measureAnalysis } from "./analysis.ts";
import { measureBackfill } from "./backfill.ts";
import { type MeasuredDay, measureDays } from "./day.ts";
import { measureDrawing } from "./drawing.ts";
import { describeMachine, mebibytes } from "./machine.ts";
import { measureMail } from "./mail.ts";
import { measureReread } from "./reread.ts";
import { measureStoring } from "./storing.ts";
import { measurePdf, unitDigests } from "./unit-pdf.ts";

const GOALS = {
  daySeconds: 30,
  peakMegabytes: 512,
  storingRatio: 3,
  pdfMilliseconds: 60,
  provinceMilliseconds: 200,
  countryMilliseconds: 2_000,
  rereadYearSeconds: 60,
  layoutRatio: 1.5,
  browserRatio: 5,
  mailRatio: 0.8,
};

const machine = describeMachine();
const directory = await mkdtemp(join(tmpdir(), "diemtin-bench-"));
try {
  const days = await measureDays(directory);
  const database = await openDatabase({ databaseUrl: null, home: join(directory, "var") });
  try {
    const { rows } = await database.knex.raw<{ rows: { version: string }[] }>(
      "select current_setting('server_version') as version",
    );
    for (const line of [...machine, `versions  Node ${process.version.slice(1)}, PostgreSQL ${rows[0]?.version}`])
      console.log(line);
    for (const day of days) showDay(day);
    const storing = await measureStoring(database);
    const ratio = storing.settle / storing.bareCopy;
    console.log(`\nstoring ${storing.rows} observations of ${storing.snapshots} snapshots (medians)`);
    console.log(`  as the product does     ${storing.settle.toFixed(0)} ms`);
    console.log(`  bare COPY, same key     ${storing.bareCopy.toFixed(0)} ms`);
    console.log(`  bare COPY, no key       ${storing.bareCopyWithoutKey.toFixed(0)} ms`);
    show("ratio to the bare COPY", ratio, { goal: GOALS.storingRatio, unit: "×", digits: 2 });
    console.log(`  ratio without a key     ${(storing.settle / storing.bareCopyWithoutKey).toFixed(2)} ×`);
    const digests = await unitDigests(database);
    const pdf = await measurePdf(digests);
    console.log(`\none unit's PDF (${Math.round(pdf.bytes / 1024)} KB; mean of 50 units after 10)`);
    show("mean", pdf.mean, { goal: GOALS.pdfMilliseconds, unit: "ms", digits: 1 });
    console.log(
      `  processor time ${pdf.processor.toFixed(1)} ms; slowest ${pdf.slowest.toFixed(0)} ms; the process's first, with the fonts parsed: ${pdf.first.toFixed(0)} ms`,
    );
    await showDrawing(digests);
    for (const [name, { units, observations, milliseconds, processor }] of Object.entries(measureAnalysis())) {
      console.log(`\nanalysing one day, ${name}: ${units} units, ${observations} figures of two days (median)`);
      const goal = name === "province" ? GOALS.provinceMilliseconds : GOALS.countryMilliseconds;
      show("views, notices, jumps and every unit's parts", milliseconds, { goal, unit: "ms", digits: 0 });
      console.log(`  processor time ${processor.toFixed(0)} ms`);
    }
    await showMail(database);
    await showGoingBack(database);
  } finally {
    await database.close();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function showDrawing(digests: readonly Edition[]): Promise<void> {
  const { ours, bare, calls, chromium, one, two } = await measureDrawing(digests);
  console.log(`\nthe same ${calls} strokes and words of a unit digest (medians)`);
  console.log(`  laid out and drawn ${ours.toFixed(1)} ms, drawn by pdfkit without layout ${bare.toFixed(1)} ms`);
  show("ratio to the bare drawing", ours / bare, { goal: GOALS.layoutRatio, unit: "×", digits: 2 });
  if (chromium === null) console.log("  by headless Chromium: not measured, no browser is installed");
  else {
    const times = chromium / ours;
    const verdict = times >= GOALS.browserRatio ? "reached" : "MISSED";
    console.log(
      `  the same page by a headless Chromium that already runs: ${chromium.toFixed(0)} ms, ${times.toFixed(1)} × ours (goal at least ${GOALS.browserRatio} ×: ${verdict})`,
    );
  }
  console.log(
    `  ${digests.length} digests: one worker ${(one / 1000).toFixed(1)} s, two ${(two / 1000).toFixed(1)} s, ${(one / two).toFixed(2)} × as fast`,
  );
}

async function showMail(database: Database): Promise<void> {
  const { settings } = readConfig({ env: {}, cwd: directory, file: false });
  const { mails, ledger, pool } = await measureMail(database, settings);
  const times = ledger / pool.one;
  console.log(`\n${mails} mails with a PDF of 200 KB to a relay in a process of its own`);
  console.log(`  owed, claimed, handed over, sent and noted ${ledger.toFixed(0)} a second, over one connection`);
  console.log(
    `  nodemailer's pool, noting nothing: one connection ${pool.one.toFixed(0)}, five ${pool.five.toFixed(0)}`,
  );
  console.log(
    `  ratio to the pool with one connection: ${times.toFixed(2)} × (goal at least ${GOALS.mailRatio} ×: ${times >= GOALS.mailRatio ? "reached" : "MISSED"}), with five ${(ledger / pool.five).toFixed(2)} ×`,
  );
}

/** A year of one province is about so many observations; the archive measured is smaller and is extrapolated in proportion. */
async function showGoingBack(database: Database): Promise<void> {
  const { settings } = readConfig({ env: {}, cwd: directory, file: false });
  const again = await measureReread(database, settings);
  const year = 1_500_000 / again.observations;
  const goal = { goal: GOALS.rereadYearSeconds, unit: "s", digits: 1 };
  console.log(`\nreading ${again.observations} observations of ${again.snapshots} snapshots again`);
  console.log(
    `  nothing differs ${again.unchangedSeconds.toFixed(1)} s, every snapshot written ${again.changedSeconds.toFixed(1)} s`,
  );
  show("a year of 1.5 M, extrapolated, nothing differs", again.unchangedSeconds * year, goal);
  show("a year of 1.5 M, extrapolated, everything written", again.changedSeconds * year, goal);
  const asked = await measureBackfill(database, settings);
  console.log(
    `\nbackfill of ${asked.snapshots} closed months: ${asked.requests} requests, ${asked.observations} observations`,
  );
  console.log(`  ${asked.seconds.toFixed(1)} s, the portal's pauses apart (${settings.portal.pauseMs} ms each)`);
}

function showDay({ day, seconds, peak, results, pdfs, mails, server }: MeasuredDay): void {
  console.log(`\nthe morning of ${day}, one process: ${pdfs} PDFs, ${mails} mails`);
  for (const result of results) console.log(`  ${result}`);
  const parts = Object.entries(seconds).map(([name, part]) => `${name} ${part.toFixed(1)}`);
  const total = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  console.log(`  seconds: ${parts.join(", ")}`);
  show("total", total, { goal: GOALS.daySeconds, unit: "s", digits: 1 });
  show("peak memory", mebibytes(peak), { goal: GOALS.peakMegabytes, unit: "MB", digits: 0 });
  const apart = server === null ? "not measured on this system" : `${mebibytes(server)} MB at most`;
  console.log(`  the embedded server apart: ${apart}`);
}

function show(
  what: string,
  found: number,
  { goal, unit, digits }: { goal: number; unit: string; digits: number },
): void {
  const verdict = found <= goal ? "reached" : "MISSED";
  console.log(`  ${what}: ${found.toFixed(digits)} ${unit} (goal ${goal} ${unit}: ${verdict})`);
}
