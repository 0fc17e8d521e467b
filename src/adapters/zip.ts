import { unzipSync, type Zippable, zipSync } from "fflate";

/** Zip keeps local time and nothing before 1980; the first moment it knows is the same bytes in every zone. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * A zipped document with the same bytes for the same parts: no part says when it was packed. `change` may give a part's text anew,
 * by its name in the archive.
 */
export function repacked(
  archive: Uint8Array,
  change: Readonly<Record<string, (text: string) => string>> = {},
): Uint8Array {
  const parts: Zippable = {};
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    const edit = change[name];
    parts[name] = edit === undefined ? bytes : new TextEncoder().encode(edit(new TextDecoder().decode(bytes)));
  }
  return zipSync(parts, { level: 9, mtime: NO_TIME });
}
