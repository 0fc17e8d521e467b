import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** The machine a figure is measured on, and how busy it is already. */
export function describeMachine(): readonly string[] {
  const [first] = cpus();
  return [
    `machine   ${cpus().length} × ${first?.model.trim() || "unnamed processor"}, ${mebibytes(totalmem())} MB, ${process.platform}-${process.arch} ${release()}`,
    `load      ${loadavg()[0]?.toFixed(1)} of others before the start`,
  ];
}

/** Bytes in whole MB of 1024 × 1024. */
export function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

/**
 * Memory of a process and all its children in bytes, shared pages counted once (PSS); null where /proc does not tell.
 * Resident sizes of PostgreSQL's processes cannot be added: each would count the shared buffers again.
 */
export function proportionalSize(root: number): number | null {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync("/proc")) {
      if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
    }
  } catch {
    return null;
  }
  let sum = 0;
  for (const process of parents.keys()) if (isBelow(process, root, parents)) sum += sizeOf(process);
  return sum > 0 ? sum : null;
}

function isBelow(process: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = process; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
  return false;
}

function parentOf(process: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(contentOf(`/proc/${process}/status`))?.[1] ?? 0);
}

function sizeOf(process: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(contentOf(`/proc/${process}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** A process may end between being listed and being read. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
