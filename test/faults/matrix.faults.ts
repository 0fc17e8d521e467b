import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { refusal, selfSigned, startRelay } from "../support/smtp.ts";
import { type Lane, type Relays, runCell } from "./cell.ts";
import { buildWorker, openCrew, removeWorker } from "./crew.ts";
import { LEGEND, type Verdict } from "./judge.ts";
import { FAULTS, type Row, rows } from "./plan.ts";

/** Cells that wait for a silence do not keep the others waiting. */
const LANES = 4;
const WORKERS = [1, 2] as const;

type Done = Row & { readonly verdicts: readonly Verdict[] };
let done: readonly Done[] = [];
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const started = performance.now();
  const script = await buildWorker();
  const waiting = [...rows()];
  const found = new Map<Row, readonly Verdict[]>();
  const lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(script)));
  const order = [...waiting];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        const verdicts: Verdict[] = [];
        for (const workers of WORKERS) verdicts.push(await runCell(lane, row, workers));
        found.set(row, verdicts);
      }
    }),
  );
  done = order.map((row) => ({ ...row, verdicts: found.get(row) ?? [] }));
  console.log(table(done, (performance.now() - started) / 1000));
}, 600_000);
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await removeWorker();
}, 60_000);

async function openLane(script: string): Promise<Lane> {
  const database = await freshDatabase();
  const crew = openCrew(script, { databaseUrl: database.url, ahead: 2 });
  const relays = await openRelays();
  cleanups.push(async () => {
    await crew.close();
    for (const relay of Object.values(relays)) await relay.close();
    await database.drop();
  });
  return { database, crew, relays };
}

async function openRelays(): Promise<Relays> {
  const { key, cert } = await selfSigned();
  return {
    sound: await startRelay({ hideSTARTTLS: true, hidePIPELINING: true }),
    otherCertificate: await startRelay({ key, cert }),
    noLogin: await startRelay({
      ...{ hideSTARTTLS: true, authOptional: false, allowInsecureAuth: true },
      onAuth: (_auth, _session, callback) => callback(refusal(535, "5.7.8 wrong password")),
    }),
  };
}

function table(cells: readonly Done[], seconds: number): string {
  const cell = ({ letters, killed }: Verdict) => `${letters}${killed ? "+" : " "}`;
  const lines = cells.map(({ fault, step, verdicts }, index) => {
    const name = cells[index - 1]?.fault === fault ? "" : fault.name;
    const wrong = verdicts.flatMap((verdict) => verdict.wrong);
    const columns = [
      name.padEnd(29),
      (step?.name ?? "nobody dies").padEnd(23),
      ...verdicts.map((one) => cell(one).padEnd(13)),
    ];
    return `${columns.join("")}${wrong.length === 0 ? "" : `WRONG: ${wrong.join("; ")}`}`.trimEnd();
  });
  const head = `${"fault".padEnd(29)}${"killed".padEnd(23)}one worker   two workers`;
  return [head, ...lines, LEGEND, `${cells.length * 2} cells in ${Math.round(seconds)} s`].join("\n");
}

test.each(FAULTS)("$name: killed anywhere, each mail is accepted at most once and the ledger says so", ({ name }) => {
  const own = done.filter(({ fault }) => fault.name === name);
  expect(own.length).toBeGreaterThanOrEqual(3);
  const wrong = own.flatMap(({ step, verdicts }) =>
    verdicts.flatMap((verdict, index) =>
      verdict.wrong.map((words) => `${index + 1} workers, killed ${step?.name ?? "nowhere"}: ${words}`),
    ),
  );
  expect(wrong).toEqual([]);
});
