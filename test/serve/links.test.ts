import { afterAll, beforeAll, expect, test } from "vitest";
import { startHealth } from "../../src/adapters/health.ts";
import { linkPages } from "../../src/adapters/link-pages.ts";
import { forgetOldLogs } from "../../src/pipeline/forget.ts";
import { linkToken, unsubscribeUrl } from "../../src/pipeline/tokens.ts";
import { followLink } from "../../src/pipeline/unsubscribe.ts";
import { freezeEdition } from "../pipeline/mail-context.ts";
import { ADMIN, head, momentOf, type Office, openOffice } from "../support/day.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = "2026-10-12 07:30";
const READER = "nguoi-doc@example.vn";
let office: Office;
let server: Awaited<ReturnType<typeof startHealth>>;
let token = "";
let asked = 0;

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: "manual", ...init });
const live = () => office.database.store.recipients.liveOn("2026-10-12");
const alerts = () => office.relay.taken.filter((mail) => JSON.stringify(mail.to ?? mail).includes(ADMIN));

beforeAll(async () => {
  office = await openOffice();
  const { store } = office.database;
  await store.recipients.replace([head("H21.05", READER, ["daily", "weekly"])]);
  await freezeEdition(store, { audience: "H21.05" });
  await office.run("redeliver", "2026-10-12 07:20");
  const [delivery] = await store.deliveries.list();
  const mail = { delivery: delivery?.id ?? "", bulletin: "daily" } as const;
  const links = { publicUrl: "https://766.example.vn", secret: SECRET };
  token = linkToken(SECRET, mail);
  expect(unsubscribeUrl(links, mail)).toBe(`https://766.example.vn/u/${token}`);
  const pages = linkPages(
    (word, act) => {
      asked += 1;
      return office.during(momentOf(NOW), (ctx) => followLink({ ...ctx, links }, word, act));
    },
    () => undefined,
  );
  const vitals = async () => ({ healthy: true, faults: [], snapshots: [], queue: null, lastMinute: null });
  server = await startHealth(vitals, { address: "127.0.0.1", port: 0 }, pages);
}, 120_000);
afterAll(async () => {
  await server.close();
  await office.close();
});

test("looking changes nothing, and shows the unit and a button, nobody's address", async () => {
  for (const method of ["GET", "HEAD"]) {
    const page = await ask(`/u/${token}?x=1`, { method });
    expect([page.status, page.headers.get("set-cookie"), page.headers.get("cache-control")]).toEqual([
      200,
      null,
      "no-store",
    ]);
    const text = await page.text();
    if (method === "HEAD") continue;
    expect(text).toContain("Điểm tin hằng ngày về H21.05");
    expect(text).toContain(`<form method="post" action="${token}">`);
    expect(text).not.toMatch(/@example|Thủ trưởng/);
  }
  expect((await live())[0]?.bulletins).toEqual(["daily", "weekly"]);
  expect((await ask("/healthz")).status).toBe(200);
});

test("one click pauses the daily alone, tells the administrator once, and can be taken back", async () => {
  const before = alerts().length;
  const oneClick = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
  const paused = await ask(`/u/${token}`, oneClick);
  expect([paused.status, await paused.text()]).toEqual([200, expect.stringContaining("Đã tạm dừng")]);
  expect((await live())[0]?.bulletins).toEqual(["weekly"]);
  await ask(`/u/${token}`, oneClick);
  await office.run("redeliver", "2026-10-12 07:40");
  expect(alerts().length - before).toBe(1);
  const { store } = office.database;
  expect(await store.recipients.mayReceive(READER, "H21.05", "daily", "2026-10-12")).toEqual({
    may: false,
    reason: "paused",
  });
  const page = await (await ask(`/u/${token}`)).text();
  expect(page).toContain(`action="${token}/resume"`);
  const resumed = await ask(`/u/${token}/resume`, { method: "POST" });
  expect(await resumed.text()).toContain(`action="../${token}"`);
  expect((await live())[0]?.bulletins).toEqual(["daily", "weekly"]);
});

test("an administrator's pause is not a reader's to end", async () => {
  const { people } = office.database.store;
  const by = { by: "chị Mẫu", at: momentOf(NOW) };
  await people.pause({ address: READER, bulletin: null, until: null, origin: "admin", reason: "nghỉ", ...by });
  const page = await ask(`/u/${token}/resume`, { method: "POST" });
  expect(await page.text()).toContain("quản trị tạm dừng");
  expect(await live()).toEqual([]);
  await people.resume({ address: READER, ...by });
});

test("a wrong token is 404 whatever is wrong with it, a large body and another method are refused", async () => {
  const wrong = [
    token.replace(/^\d+/, "999"),
    `${token}0`,
    token.slice(0, -1),
    linkToken(SECRET, { delivery: "999999", bulletin: "daily" }),
    "x",
    "",
  ];
  const pages = await Promise.all(wrong.map(async (word) => ask(`/u/${word}`, { method: "POST" })));
  expect(pages.map(({ status }) => status)).toEqual(wrong.map(() => 404));
  expect(new Set(await Promise.all(pages.map((page) => page.text()))).size).toBe(1);
  const before = asked;
  expect((await ask(`/u/${token}`, { method: "POST", body: "x".repeat(100_000) })).status).toBe(413);
  expect((await ask(`/u/${token}`, { method: "DELETE" })).status).toBe(405);
  expect(asked).toBe(before);
  expect((await live())[0]?.bulletins).toEqual(["daily", "weekly"]);
});

test("send logs lose addresses and replies after a year, and a link of then finds nobody", async () => {
  const { store, knex } = office.database;
  const forget = (at: string) => office.during(momentOf(at), (ctx) => forgetOldLogs(ctx, at.slice(0, 10)));
  const attempts = async () => (await knex.raw("select count(*)::int as rows from delivery_attempts")).rows[0].rows;
  const [owed] = (await knex.raw("select to_char(owed_at, 'YYYY') as year from deliveries")).rows;
  await knex.raw("update deliveries set owed_at = '2026-10-12'");
  expect(owed.year).toMatch(/^\d{4}$/);
  await forget("2027-10-12 06:00");
  expect([await attempts(), (await store.deliveries.list())[0]?.recipient]).toEqual([1, READER]);
  await forget("2027-10-13 06:00");
  expect([await attempts(), (await store.deliveries.list())[0]?.recipient]).toEqual([
    0,
    expect.stringMatching(/^erased:[0-9a-f]{64}$/),
  ]);
  expect((await ask(`/u/${token}`)).status).toBe(404);
});
