import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createFolderChannel } from "../../../src/adapters/channels/folder.ts";
import { chooseChannel } from "../../../src/adapters/channels/index.ts";
import { UsageError } from "../../../src/domain/errors.ts";
import { startRelay } from "../../support/smtp.ts";
import { sampleMessage } from "./message.ts";

async function folder(): Promise<string> {
  return path.join(await mkdtemp(path.join(tmpdir(), "diemtin-mail-")), "out", "mail");
}

describe("mail into a folder", () => {
  it("says loudly that it reaches nobody, and where it is", async () => {
    const directory = await folder();
    expect(createFolderChannel({ directory }).warning).toContain(directory);
  });

  it("writes one file per message, named after the delivery, nothing else beside it", async () => {
    const directory = await folder();
    const channel = createFolderChannel({ directory });
    expect((await channel.send(sampleMessage())).state).toBe("accepted");
    expect(await readdir(directory)).toEqual(["2026-10-12_daily_H21.17_01234567.eml"]);
  });

  it("leaves a file with the same bytes alone, and replaces one with others", async () => {
    const directory = await folder();
    const channel = createFolderChannel({ directory });
    await channel.send(sampleMessage());
    const file = path.join(directory, "2026-10-12_daily_H21.17_01234567.eml");
    const long = new Date("2026-01-01T00:00:00Z");
    await utimes(file, long, long);
    await channel.send(sampleMessage());
    expect((await stat(file)).mtime).toEqual(long);
    await channel.send(sampleMessage({ subject: "Tiêu đề khác" }));
    expect((await stat(file)).mtime).not.toEqual(long);
  });

  it("holds the bytes a relay would get", async () => {
    const directory = await folder();
    const relay = await startRelay({ hideSTARTTLS: true });
    const smtpUrl = `smtp://127.0.0.1:${relay.port}?ignoreTLS=true`;
    const channels = [smtpUrl, null].map((url) => chooseChannel({ smtpUrl: url, directory, log: () => undefined }));
    expect(channels.map((one) => one.name)).toEqual(["smtp", "folder"]);
    for (const channel of channels) await channel.send(sampleMessage());
    for (const channel of channels) await channel.close();
    await relay.close();
    const [name] = await readdir(directory);
    const file = await readFile(path.join(directory, name ?? ""));
    // The composer ends without a line break; the relay ends every body with one.
    expect(relay.taken[0]?.raw.toString("latin1").trimEnd()).toBe(file.toString("latin1").trimEnd());
  });

  it("a folder that cannot be written stops the sending and says why", async () => {
    const directory = await folder();
    await mkdir(path.dirname(directory), { recursive: true });
    await writeFile(directory, "a file is in the way");
    const outcome = await createFolderChannel({ directory }).send(sampleMessage());
    expect(outcome).toMatchObject({ state: "failed", mayPass: true, stop: true });
    expect(outcome.reply).toContain("EEXIST");
  });

  it("a wrong SMTP_URL never falls back to the folder", async () => {
    const directory = await folder();
    expect(() => chooseChannel({ smtpUrl: "mail.example.vn", directory, log: () => undefined })).toThrow(UsageError);
  });
});
