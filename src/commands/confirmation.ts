import { createInterface } from "node:readline/promises";
import { UsageError } from "../domain/errors.ts";

/** What has to be typed, what for, and what was given with --confirm. */
export type Asked = { readonly word: string; readonly question: string; readonly given: string | undefined };

/**
 * A word typed by a person at a terminal, or given with --confirm. Throws UsageError when it is another word, and where nobody can
 * type and none was given.
 */
export async function confirmed({ word, question, given }: Asked): Promise<void> {
  const typed = (given ?? (await typedAt(question, word))).normalize("NFC").trim();
  if (typed.toLowerCase() !== word.toLowerCase())
    throw new UsageError(`--confirm: "${typed.slice(0, 60)}" is not ${word}; nothing was changed`);
}

async function typedAt(question: string, word: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new UsageError(`nobody can type the confirmation here: repeat the command with --confirm ${word}`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
