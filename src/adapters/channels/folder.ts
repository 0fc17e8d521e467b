import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Message, Outcome } from "../../domain/delivery.ts";
import { describeError } from "../../domain/errors.ts";
import type { Channel } from "../../pipeline/context.ts";
import { makeFolder } from "../make-folder.ts";
import type { Signer } from "./dkim.ts";
import { rawMail } from "./raw-mail.ts";

/**
 * A channel that puts each message into a folder as `<fileName>.eml`, whole or not at all. A file that already holds the
 * same bytes is left alone. `send` answers `failed` with `stop` when the folder cannot be written.
 * @throws {SendError} from `send` for a message that may not be composed.
 */
export function createFolderChannel(options: { readonly directory: string; readonly sign?: Signer }): Channel {
  const directory = path.resolve(options.directory);
  return {
    name: "folder",
    warning: `MAIL DOES NOT REACH ANYBODY: it goes into the folder ${directory}; set SMTP_URL to send it`,
    async send(message: Message): Promise<Outcome> {
      const raw = await rawMail(message, options.sign);
      const file = path.join(directory, `${message.fileName}.eml`);
      try {
        makeFolder(directory);
        const reason = (await message.mayLeave?.()) ?? null;
        if (reason !== null) return { state: "suppressed", reply: reason };
        if (await holds(file, raw)) return { state: "accepted", reply: "folder: already there, same bytes" };
        const part = `${file}.part`;
        await writeFile(part, raw);
        await rename(part, file);
        return { state: "accepted", reply: `folder: written, ${raw.length} bytes` };
      } catch (error) {
        return { state: "failed", reply: `folder: ${describeError(error)}`, mayPass: true, stop: true };
      }
    },
    async close() {},
  };
}

async function holds(file: string, raw: Buffer): Promise<boolean> {
  try {
    return raw.equals(await readFile(file));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
