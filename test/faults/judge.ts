import type { StoredDelivery } from "../../src/pipeline/store.ts";
import type { FreshDatabase } from "../support/database.ts";
import type { Fault, Step } from "./plan.ts";
import type { Answer } from "./worker.ts";

/** What came of a cell: a letter per delivery, whether its worker died, and everything that is not as it must be. */
export type Verdict = { readonly letters: string; readonly killed: boolean; readonly wrong: readonly string[] };

export const LEGEND = `A  accepted, and the relay took it once        F  refused for good, and the relay did not take it
U  unknown, and the relay took it once         u  unknown, and the relay did not take it
D  the relay took it twice                     X  the ledger says what is not so
+  the worker was killed there (without: it had nothing left to do there)`;

export type Evidence = {
  readonly fault: Fault;
  readonly step: Step | null;
  readonly workers: 1 | 2;
  readonly keys: readonly string[];
  /** The addresses whose mail the relay has answered with 250, in order. */
  readonly taken: readonly string[];
  readonly ends: readonly (Answer | "killed")[];
  /** How many mails each later run sent. */
  readonly again: readonly number[];
  readonly database: FreshDatabase;
  readonly pids: readonly number[];
  readonly deliveries: readonly StoredDelivery[];
};

/** Holds the ledger against what the relay took. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { ends, deliveries, taken, again } = evidence;
  const letters = deliveries.map((row) => letterOf(row, taken.filter((address) => address === row.recipient).length));
  const shown = [...letters].sort().join("");
  const killed = ends[0] === "killed";
  const wrong = [
    ...(deliveries.length === 4 ? [] : [`${deliveries.length} deliveries are written down, not 4`]),
    ...(taken.every((address) => deliveries.some(({ recipient }) => recipient === address))
      ? []
      : ["a mail without a row"]),
    ...(/[DX]/.test(shown) ? deliveries.map((row, index) => `${letters[index]}: ${row.state}, ${row.reply}`) : []),
    ...ends.flatMap((end) => (typeof end === "object" && "error" in end ? [`a worker failed: ${end.error}`] : [])),
    ...(ends.slice(1).includes("killed") ? ["the other worker died too"] : []),
    ...(again.at(-1) === 0 ? [] : ["the last run still found something to send"]),
    ...unexplained(evidence, { shown, killed }),
    ...(await attemptsWrong(evidence)),
  ];
  return { letters: shown, killed, wrong };
}

function letterOf({ state }: StoredDelivery, taken: number): string {
  if (taken > 1) return "D";
  if (state === "accepted" && taken === 1) return "A";
  if (state === "unknown") return taken === 1 ? "U" : "u";
  return state === "failed" && taken === 0 ? "F" : "X";
}

/** Unknown or refused for good without a reason, and steps that were not reached. */
function unexplained(
  { fault, step, workers }: Evidence,
  { shown, killed }: { readonly shown: string; readonly killed: boolean },
): string[] {
  const unknown = [...shown].filter((letter) => letter.toLowerCase() === "u").length;
  const refused = [...shown].filter((letter) => letter === "F").length;
  const mayBeUnknown = (fault.silent ? workers : 0) + (killed && step?.handed ? 1 : 0);
  const wrong = [
    ...(unknown <= mayBeUnknown ? [] : [`${unknown} unknown where ${mayBeUnknown} may be`]),
    ...(refused <= (fault.final ? workers : 0)
      ? []
      : [`${refused} given up for good, which the fault is no reason for`]),
  ];
  if (workers === 2) return wrong;
  if ((step !== null) !== killed)
    wrong.push(killed ? "the worker died by itself" : "the worker did not come to the step");
  if (fault.name !== "none") return wrong;
  const took = step?.name === "reply on its way" || step?.name === "before the outcome";
  const expected = step?.handed ? (took ? "AAAU" : "AAAu") : "AAAA";
  return shown === expected ? wrong : [...wrong, `${shown} instead of ${expected}`];
}

/** Every attempt is written down with who made it, and the last one says what the row says. */
async function attemptsWrong({ database, keys, pids, deliveries }: Evidence): Promise<string[]> {
  const found = await database.knex.raw<{ rows: { id: string; attempt: number; state: string; instance: string }[] }>(
    `select d.id, a.attempt, a.state, a.instance from delivery_attempts a join deliveries d on d.id = a.delivery_id
     where d.edition = any(?) order by a.attempt`,
    [[...keys]],
  );
  const instances = ["again", ...pids.map((pid) => `worker:${pid}`)];
  return deliveries.flatMap(({ id, attempts, state }) => {
    const own = found.rows.filter((row) => String(row.id) === String(id));
    return [
      ...(own.length === attempts ? [] : [`${attempts} attempts, ${own.length} of them written down`]),
      ...(own.at(-1)?.state === state ? [] : [`${state}, but the last attempt says ${own.at(-1)?.state}`]),
      ...own.filter((row) => !instances.includes(row.instance)).map((row) => `an attempt of ${row.instance}`),
    ];
  });
}
