import { UsageError } from "../domain/errors.ts";

const MOST_LETTERS = 300;

/** Reads `--reason`: one sentence, NFC, without control and invisible characters. Throws UsageError; `use` says what becomes of it. */
export function readReason(text: string, use = ""): string {
  const reason = text.normalize("NFC").replace(/\s+/gu, " ").trim();
  if (reason === "" || reason.length > MOST_LETTERS || /[\p{Cc}\p{Cf}]/u.test(reason))
    throw new UsageError(`--reason: one sentence of at most ${MOST_LETTERS} letters${use === "" ? "" : `; ${use}`}`);
  return reason;
}
