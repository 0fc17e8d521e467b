import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { instantAt } from "../../src/domain/calendar.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import { deliver } from "../../src/pipeline/deliver.ts";
import { freezeEdition, mailContext } from "../pipeline/mail-context.ts";
import { freshFolder, inTerminal } from "../support/cli.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { head } from "../support/day.ts";

let database: FreshDatabase;
let folder: ReturnType<typeof freshFolder>;
beforeAll(async () => {
  database = await freshDatabase();
  folder = freshFolder("calendar");
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

const diemtin = (words: readonly string[], at = "2026-10-12") =>
  inTerminal(words, {
    cwd: folder.path,
    env: { DATABASE_URL: database.url, USER: "kstthc" },
    now: instantAt(at, "06:50"),
  });
const json = async (words: readonly string[], at?: string) =>
  JSON.parse((await diemtin([...words, "--json"], at)).stdout);

describe("the calendar", () => {
  test("is shipped with 2026, day by day with its document, and says which year is missing", async () => {
    const days = await json(["calendar", "list", "--year", "2026"]);
    expect(days).toHaveLength(15);
    expect(days.at(-1)).toEqual({
      day: "2026-11-24",
      kind: "holiday",
      source: "Nghị quyết 28/2026/QH16",
      name: "Ngày Văn hóa Việt Nam",
    });
    expect((await diemtin(["calendar", "list"], "2026-11-01")).stderr).toContain("no day of 2027");
    expect((await diemtin(["calendar", "list"], "2026-10-31")).stderr).toBe("");
  });

  test("every mistake of a file is told at once, and nothing is taken", async () => {
    writeFileSync(
      join(folder.path, "wrong.csv"),
      'date,kind,source\n2027-02-30,holiday,TB 1\n2027-01-01,feast,TB 1\n2027-01-02,holiday,\n2027-01-02,holiday,"a",b\n2027-05-03,holiday,TB 1\n',
    );
    const { code, stderr } = await diemtin(["calendar", "import", "wrong.csv"]);
    expect(code).toBe(2);
    for (const mistake of [
      "line 2: date",
      "line 3: kind",
      "line 4: source is empty",
      "line 5: date 2027-01-02 stands on line 4",
      "line 5: 4 columns",
    ])
      expect(stderr).toContain(mistake);
    expect(await json(["calendar", "list", "--year", "2027"])).toEqual([]);
    writeFileSync(join(folder.path, "header.csv"), "ngày,loại\n2027-01-01,holiday\n");
    expect((await diemtin(["calendar", "import", "header.csv"])).stderr).toContain("date,kind,source");
    expect((await diemtin(["calendar", "import", "absent.csv"])).code).toBe(2);
  });

  test("a right file is taken, a date again in its place, and the actor is on record", async () => {
    writeFileSync(
      join(folder.path, "2027.csv"),
      "\ufeffdate,kind,source,name\r\n2027-01-01,holiday,TB 1,Tết Dương lịch\r\n",
    );
    expect((await diemtin(["calendar", "import", "2027.csv", "--as", "Nguyễn Văn Mẫu"])).code).toBe(0);
    writeFileSync(join(folder.path, "again.csv"), "date,kind,source\n2027-01-01,makeup_workday,TB 2\n");
    expect((await diemtin(["calendar", "import", "again.csv"])).code).toBe(0);
    expect(await json(["calendar", "list", "--year", "2027"])).toEqual([
      { day: "2027-01-01", kind: "makeup_workday", source: "TB 2", name: null },
    ]);
    const actions = await json(["actions", "list"]);
    expect(actions.map(({ actor, command }: Record<string, string>) => [actor, command])).toEqual([
      ["Nguyễn Văn Mẫu", "calendar import"],
      ["kstthc", "calendar import"],
    ]);
    await database.knex.raw("delete from calendar_days where day >= '2027-01-01'");
  });
});

describe("the schedule", () => {
  const days = async (bulletin: string, at: string, count: number) => {
    const { issues } = await json(["schedule", "--next", String(count)], at);
    return issues.filter((issue: Record<string, string>) => issue["bulletin"] === bulletin);
  };

  test("names the next issues with their days and hours, around Tết and the swapped days", async () => {
    const dailies = await days("daily", "2026-02-12", 3);
    expect(dailies.map(({ day, at }: Record<string, string>) => `${day} ${at}`)).toEqual([
      "2026-02-12 07:00",
      "2026-02-13 07:00",
      "2026-02-23 07:00",
    ]);
    const weeklies = await days("weekly", "2026-02-10", 2);
    expect(weeklies).toMatchObject([
      { issue: "2026-W08", day: "2026-02-23", covers: { weeks: [7, 8], from: "2026-02-09", to: "2026-02-22" } },
      { issue: "2026-W09", day: "2026-03-02" },
    ]);
    expect((await days("daily", "2026-08-22", 1))[0]).toMatchObject({ day: "2026-08-22" });
    expect((await days("weekly", "2026-08-27", 1))[0]).toMatchObject({ day: "2026-09-03", issue: "2026-W35" });
  });

  test("says holds, missing years, and refuses a number that is none", async () => {
    expect((await diemtin(["hold", "weekly", "--for", "2026-12-28", "--reason", "chờ ý kiến"])).code).toBe(0);
    const { stdout, stderr } = await diemtin(["schedule", "--next", "2"], "2026-12-24");
    expect(stdout).toContain(
      "2026-12-28 06:30  weekly 2026-W52  thứ Hai  2026-12-21 to 2026-12-27  (HELD by kstthc: chờ ý kiến)",
    );
    expect(stdout).toContain("the calendar has no day of 2027");
    expect(stderr).toContain("no day of 2027");
    expect((await diemtin(["schedule", "--next", "0"])).code).toBe(2);
  });
});

describe("holding an issue", () => {
  const sent: string[] = [];
  const channel: Channel = {
    name: "list",
    async send(message) {
      sent.push(message.to.address);
      return { state: "accepted", reply: "250 ok" };
    },
    async close() {},
  };
  let key: string;
  const redeliver = () => deliver(mailContext(database.store, channel).ctx, [key], { sleep: async () => {} });

  beforeAll(async () => {
    key = await freezeEdition(database.store, { audience: "H21.05" });
    await database.store.recipients.replace([head("H21.05", "mot@example.vn"), head("H21.05", "hai@example.vn")]);
  });

  test("a held issue reaches nobody, is nobody's baseline, and is sent once after its release", async () => {
    expect((await diemtin(["hold", "daily", "--for", "2026-10-12", "--reason", "kiểm tra số liệu"])).code).toBe(0);
    expect(await redeliver()).toMatchObject({ accepted: 0, failed: 0, problems: [] });
    expect(sent).toEqual([]);
    const last = () => database.store.editions.last("daily", "H21.05", "2026-10-13");
    const past = async () => (await database.store.editions.past("daily", "2026-10-13", 5)).size;
    expect([await last(), await past()]).toEqual([null, 0]);
    const again = await diemtin(["hold", "daily", "--for", "2026-10-12", "--reason", "lần nữa"]);
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining("held already, by kstthc: kiểm tra số liệu"),
    ]);
    expect((await diemtin(["release", "daily", "--for", "2026-10-12"])).code).toBe(0);
    expect((await diemtin(["release", "daily", "--for", "2026-10-12"])).stderr).toContain("is not held");
    expect([(await last())?.issue, await past()]).toEqual(["2026-10-12", 1]);
    expect(await redeliver()).toMatchObject({ accepted: 2 });
    expect(await redeliver()).toMatchObject({ accepted: 0 });
    expect(sent.toSorted()).toEqual(["hai@example.vn", "mot@example.vn"]);
  });

  test("what somebody has received cannot be held: it says how many, for which units", async () => {
    const { code, stderr } = await diemtin(["hold", "daily", "--for", "2026-10-12", "--reason", "muộn"]);
    expect(code).toBe(2);
    expect(stderr).toContain("daily 2026-10-12 cannot be held: 2 mails of it have left or are leaving (H21.05: 2)");
    expect(stderr).not.toContain("@");
    expect(await database.store.holds.open({ bulletin: "daily", issue: "2026-10-12" })).toBeNull();
  });

  test("a mail that is owed already cannot be claimed once its issue is held", async () => {
    const later = await freezeEdition(database.store, { audience: "H21.05", issue: "2026-10-13" });
    await database.store.deliveries.owe(later, head("H21.05", "ba@example.vn"), { messageId: "<1@example.vn>" });
    expect((await diemtin(["hold", "daily", "--for", "2026-10-13", "--reason", "x"])).code).toBe(0);
    const [row] = await database.store.deliveries.due([later]);
    const claim = () => database.store.deliveries.claim(row?.id ?? "", "one", instantAt("2026-10-13"));
    expect(await claim()).toBe(false);
    await diemtin(["release", "daily", "--for", "2026-10-13"]);
    expect(await claim()).toBe(true);
    expect((await diemtin(["hold", "daily", "--for", "2026-10-13", "--reason", "x"])).code).toBe(2);
  });

  test("a hold waits for a claim that is just being made, and is refused then", async () => {
    const edition = await freezeEdition(database.store, { audience: "H21.05", issue: "2026-10-14" });
    await database.store.deliveries.owe(edition, head("H21.05", "bon@example.vn"), { messageId: "<14@example.vn>" });
    const claiming = await database.knex.transaction();
    await claiming.raw(
      "update deliveries set state = 'sending', instance = 'one', claimed_at = now() where edition = ?",
      [edition],
    );
    let answered = false;
    const issued = { bulletin: "daily", issue: "2026-10-14" } as const;
    const placing = database.store.holds.place({ ...issued, reason: "x", by: "a", at: instantAt("2026-10-14") });
    void placing.finally(() => {
      answered = true;
    });
    const isWaiting = async () =>
      (await database.knex.raw("select from pg_locks where not granted and relation = 'deliveries'::regclass"))
        .rowCount > 0;
    while (!answered && !(await isWaiting()));
    await claiming.commit();
    expect((await placing).state).toBe("sent");
  });

  test("days without an issue and empty reasons are refused, and every command given is on record", async () => {
    const refused = async (...words: string[]) => (await diemtin(["hold", ...words])).stderr;
    expect(await refused("daily", "--for", "2026-11-24", "--reason", "x")).toContain("Ngày Văn hóa Việt Nam");
    expect(await refused("weekly", "--for", "2026-02-17", "--reason", "x")).toContain("comes out on 2026-02-23");
    expect(await refused("daily", "--for", "2026-11-23", "--reason", " ")).toContain("--reason");
    expect(await refused("monthly", "--for", "2026-11-23", "--reason", "x")).toContain("no bulletin");
    const actions = await json(["actions", "list"]);
    expect(actions.filter(({ command }: Record<string, string>) => command === "release")).toHaveLength(3);
    expect(actions.at(-1)).toMatchObject({
      actor: "kstthc",
      command: "hold",
      arguments: { bulletin: "daily", for: "2026-10-13" },
    });
  });
});
