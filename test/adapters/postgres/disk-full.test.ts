import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTerminal } from "../../support/cli.ts";
import { ADMIN, momentOf, type Office, openOffice } from "../../support/day.ts";
import { parseMail } from "../../support/smtp.ts";

/** In January no closed period is asked for as well. */
const DAY = "2026-01-12";
let office: Office;
const CONFIG = new URL("../../../diemtin.example.yaml", import.meta.url).pathname;

beforeAll(async () => {
  office = await openOffice({ settings: { periods: ["year"] } });
  await office.run("collect", "2026-01-09 06:00");
});
afterAll(() => office.close());

/** From the nth row of a table on the server says that its disk is full. */
async function fillAt(table: string, nth: number): Promise<void> {
  await office.database.knex.raw(`
    create sequence room;
    create function full_disk() returns trigger language plpgsql as $$
    begin
      if nextval('room') >= ${nth} then
        raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100';
      end if;
      return new;
    end $$;
    create trigger full_disk before insert on ${table} for each row execute function full_disk()`);
}

async function makeRoom(): Promise<void> {
  await office.database.knex.raw("drop function full_disk() cascade; drop sequence room");
}

const latest = async (scope: string) => {
  const question = { source: "evaluation-api", scope, period: "2026", asOf: momentOf("2026-02-01 00:00") };
  return (await office.database.store.snapshots.latest(question))?.takenAt;
};
const toAdmin = async () =>
  Promise.all(office.relay.taken.filter(({ to }) => to.includes(ADMIN)).map(({ raw }) => parseMail(raw)));

test("a disk that fills while archiving: nothing half is taken for whole, the administrator hears, a second run heals", async () => {
  await fillAt("answers", 4);
  await expect(office.run("collect", `${DAY} 06:00`)).rejects.toThrow(
    /^database .* has no room left on its disk: .*No space left on device\. What was stored before is whole; make room/,
  );
  expect(await latest("H21")).toEqual(momentOf("2026-01-09 06:00"));
  expect(await latest("provinces")).toEqual(momentOf(`${DAY} 06:00`));
  const [run] = (await office.database.store.runs.list()).slice(-1);
  expect([run?.state, run?.problems.map(({ cause }) => cause)]).toEqual(["failed", ["collect/database"]]);
  const [mail] = await toAdmin();
  expect(mail?.text).toContain("make room on the server's disk");
  expect(mail?.text).not.toContain("database-error.ts");
  await makeRoom();
  expect((await office.run("collect", `${DAY} 06:10`)).state).toBe("done");
  expect(await latest("H21")).toEqual(momentOf(`${DAY} 06:10`));
});

test("a disk that fills among the observations leaves the snapshot unread, and reading again heals it", async () => {
  await fillAt("observations", 2000);
  await expect(office.run("collect", `${DAY} 09:00`)).rejects.toThrow("no room left");
  expect(await latest("H21")).toEqual(momentOf(`${DAY} 06:10`));
  await makeRoom();
  const env = { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var"), DIEMTIN_LOG: "silent" };
  const now = momentOf(`${DAY} 11:00`);
  const read = await inTerminal(["reread"], { cwd: office.out, env: { ...env, DIEMTIN_CONFIG: CONFIG }, now });
  expect([read.code, read.stdout]).toEqual([0, expect.stringContaining("added")]);
});

test("a command on a full disk ends with 1, says what to do and shows no stack", async () => {
  await fillAt("answers", 1);
  const env = { DATABASE_URL: office.database.url, DIEMTIN_HOME: join(office.out, "var"), DIEMTIN_LOG: "silent" };
  const now = momentOf(`${DAY} 12:00`);
  const words = ["run", "collect"];
  const ended = await inTerminal(words, {
    ...{ cwd: office.out, now },
    env: { ...env, DIEMTIN_CONFIG: CONFIG, PORTAL_URL: office.portal.url },
  });
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/^diemtin: database .* has no room left/m)]);
  expect(ended.stderr).not.toContain("    at ");
  await makeRoom();
});
