import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSmtpChannel } from "../../src/adapters/channels/smtp.ts";
import type { Problem } from "../../src/domain/run.ts";
import { alertAdmin, rearm } from "../../src/pipeline/alert.ts";
import type { Channel } from "../../src/pipeline/context.ts";
import type { Store } from "../../src/pipeline/store.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { faultyLine, parseMail, refusal, startRelay, type TestRelay } from "../support/smtp.ts";
import { mailContext, SETTINGS } from "./mail-context.ts";

let database: FreshDatabase;
let store: Store;
const cleanups: (() => Promise<unknown>)[] = [];
const RUN = { job: "collect", scheduledFor: "2026-10-12" };

beforeEach(async () => {
  database = await freshDatabase();
  store = database.store;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await database.drop();
});

async function relay(options: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
  const started = await startRelay({ hideSTARTTLS: true, ...options });
  cleanups.push(() => started.close());
  return started;
}

function smtp(port: number): Channel {
  const deadlines = { connectMs: 500, helloMs: 500, bodyMs: 500, replyMs: 500 };
  const made = createSmtpChannel({ url: `smtp://127.0.0.1:${port}?ignoreTLS=true`, log: () => undefined, deadlines });
  cleanups.push(() => made.close());
  return made;
}

function problem(cause: string, message = `evaluation-api H21 2026: ${cause}`): Problem {
  return { cause, message, severity: "partial" };
}

describe("telling the administrator", () => {
  it("sends one mail per cause, in Vietnamese, with the finding as it is", async () => {
    const server = await relay();
    const { ctx } = mailContext(store, smtp(server.port));
    const text = 'sum-off at H21.17: groups 70,10 <script>alert("x")</script> & total 71,20\n  second line';
    expect(
      await alertAdmin(ctx, RUN, [problem("collect/evaluation-api/sum-off", text), problem("deliver/stopped")]),
    ).toEqual([]);
    expect(server.taken.map(({ to }) => to)).toEqual([["Quan.Tri@tinh.example.vn"], ["Quan.Tri@tinh.example.vn"]]);
    const mails = await Promise.all(server.taken.map(({ raw }) => parseMail(raw)));
    expect(mails.map(({ subject }) => subject)).toEqual([
      "[766] Cần xử lý: số liệu lấy từ Cổng chưa đầy đủ (collect, ngày 12/10/2026)",
      "[766] Cần xử lý: dừng gửi thư do lỗi máy chủ thư (collect, ngày 12/10/2026)",
    ]);
    expect(mails[0]?.text?.replaceAll("\r\n", "\n")).toContain(text);
    for (const words of ["Điều gì đã xảy ra", "Ở đâu", "Cần làm gì"])
      expect(mails[0]?.html).toContain(`<h2>${words}</h2>`);
    expect(mails[0]?.html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; total");
    expect(mails[0]?.html).not.toContain("<script>");
    expect(mails[0]?.messageId).not.toBe(mails[1]?.messageId);
  });

  it("is silent about a cause it has told, until the cause is armed again", async () => {
    const server = await relay();
    const { ctx } = mailContext(store, smtp(server.port));
    await alertAdmin(ctx, RUN, [problem("collect/a/2026-1")]);
    await alertAdmin(ctx, RUN, [problem("collect/a/2026-1", "other words"), problem("deliver/stopped")]);
    expect(server.taken).toHaveLength(2);
    await rearm(ctx, "collect/");
    await alertAdmin(ctx, RUN, [problem("collect/a/2026-1"), problem("deliver/stopped")]);
    expect(server.taken).toHaveLength(3);
  });

  it("says loudly when a mail could not go out, and tries again at the next run", async () => {
    const { ctx, said } = mailContext(store, smtp(9));
    const missed = await alertAdmin(ctx, RUN, [problem("collect/a"), problem("collect/b")]);
    expect(missed).toEqual([
      {
        cause: "alert/not-sent",
        severity: "partial",
        message: expect.stringContaining("could not be told of collect/a"),
      },
    ]);
    expect(said).toEqual([missed[0]?.message]);
    const server = await relay();
    expect(
      await alertAdmin(mailContext(store, smtp(server.port)).ctx, RUN, [problem("collect/a"), problem("collect/b")]),
    ).toEqual([]);
    expect(server.taken).toHaveLength(2);
  });

  it("a refused mail does not silence a cause with a longer name that was told", async () => {
    let refuse = false;
    const server = await relay({ onRcptTo: (_a, _s, done) => done(refuse ? refusal(550, "5.1.1 no") : null) });
    const { ctx } = mailContext(store, smtp(server.port));
    await alertAdmin(ctx, RUN, [problem("collect/a/2026-10")]);
    refuse = true;
    expect(await alertAdmin(ctx, RUN, [problem("collect/a/2026-1")])).toHaveLength(1);
    refuse = false;
    await alertAdmin(ctx, RUN, [problem("collect/a/2026-10"), problem("collect/a/2026-1")]);
    expect(server.taken).toHaveLength(2);
  });

  it("a mail whose reply was lost is said and not sent again", async () => {
    const server = await relay({ hidePIPELINING: true });
    const line = await faultyLine(server.port, { at: "reply", kind: "drop", times: 1 });
    cleanups.push(() => line.close());
    const { ctx } = mailContext(store, smtp(line.port));
    const missed = await alertAdmin(ctx, RUN, [problem("collect/a")]);
    expect(missed[0]?.message).toContain("may or may not have been told");
    expect(await alertAdmin(ctx, RUN, [problem("collect/a")])).toEqual([]);
    expect(server.taken).toHaveLength(1);
  });

  it("two workers tell one cause once", async () => {
    const server = await relay();
    const contexts = [1, 2, 3].map(() => mailContext(store, smtp(server.port)).ctx);
    await Promise.all(contexts.map((ctx) => alertAdmin(ctx, RUN, [problem("collect/a")])));
    expect(server.taken).toHaveLength(1);
  });

  it("a bug in the channel does not make the cause count as told", async () => {
    const channel: Channel = {
      name: "broken",
      send: () => Promise.reject(new TypeError("a bug")),
      close: async () => {},
    };
    await expect(alertAdmin(mailContext(store, channel).ctx, RUN, [problem("collect/a")])).rejects.toThrow("a bug");
    const server = await relay();
    await alertAdmin(mailContext(store, smtp(server.port)).ctx, RUN, [problem("collect/a")]);
    expect(server.taken).toHaveLength(1);
  });

  it("without an administrator says at the terminal that nobody is told", async () => {
    const settings = { ...SETTINGS, mail: { from: SETTINGS.mail.from } };
    const { ctx, said } = mailContext(store, smtp(9), settings);
    expect(await alertAdmin(ctx, RUN, [problem("collect/a")])).toEqual([]);
    expect(said).toEqual([expect.stringContaining("no mail.admin")]);
  });
});
