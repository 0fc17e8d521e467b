import type { Problem } from "../domain/run.ts";

/** What a home directory and a database say about belonging together. */
export type InstallationState = {
  readonly id: string;
  /** What stands in the home's file; null without one. */
  readonly file: string | null;
  /** False in a database that was restored or copied and not confirmed since. */
  readonly original: boolean;
  /** Where the file is looked for. */
  readonly path: string;
};

/**
 * Why this installation may send nothing, in words for the administrator; null when it may. A database that was restored or copied does
 * not know what the original has sent since, and a machine that has never sent for this database may be a second one by mistake.
 */
export function heldReason({ id, file, original, path }: InstallationState): string | null {
  if (file === id && original) return null;
  const why = !original
    ? "this database was restored or copied from another one, which may have sent mail since"
    : file === null
      ? `this machine has not sent for this database yet: there is no file ${path}`
      : `the file ${path} names another installation than the database (${id})`;
  return `installation unconfirmed: ${why}. Nothing is sent, no alert either. Make sure that no other copy is sending and look at "diemtin status" and "diemtin deliveries list", then "diemtin installation confirm"`;
}

/** The problem of a run that had mail to send and was held. */
export function heldProblem(reason: string, due: number): Problem {
  return {
    cause: "installation/unconfirmed",
    severity: "failed",
    message: `${due} deliveries are held, nothing was sent: ${reason}`,
  };
}
