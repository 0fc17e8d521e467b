import { crc32, inflateRawSync } from "node:zlib";
import { describeError, UsageError } from "../domain/errors.ts";

/** One file of an archive, unpacked. */
export type Entry = { readonly name: string; readonly bytes: Uint8Array };

const END_OF_ARCHIVE = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_ENTRIES = 500;

/**
 * The files of a ZIP archive whose names a filter takes, as the archive's directory names them. Sizes are measured while unpacking and
 * never believed: more than `mostBytes` in all is refused before it is in memory.
 * @throws {UsageError} for anything but a plain archive: broken, encrypted, split, too many files, too large.
 */
export function unzip(archive: Uint8Array, wanted: (name: string) => boolean, mostBytes: number): readonly Entry[] {
  const file = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    let left = mostBytes;
    return directoryOf(file).flatMap((place) => {
      if (!wanted(place.name)) return [];
      const bytes = unpack(file, place, left);
      left -= bytes.length;
      return [{ name: place.name, bytes }];
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`the archive is broken: ${describeError(error)}`);
  }
}

/** An archive of these files, uncompressed: what was checked is what the next reader finds, in whichever way it looks. */
export function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const title = Buffer.from(name, "utf8");
    // Version 2.0, names in UTF-8, stored, 1 January 1980, checksum, both sizes, length of the name, no extras.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x0800, 2);
    facts.writeUInt16LE(33, 8);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(bytes.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(title.length, 22);
    locals.push(Buffer.concat([number(LOCAL), facts, title, bytes]));
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.concat([number(CENTRAL), Buffer.from([20, 0]), facts, place, title]));
    at += 30 + title.length + bytes.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, ...central, number(END_OF_ARCHIVE), end]);
}

type Place = { readonly name: string; readonly method: number; readonly packed: number; readonly at: number };

function directoryOf(file: Buffer): readonly Place[] {
  let end = file.length - 22;
  while (end >= 0 && end > file.length - 65_558 && file.readUInt32LE(end) !== END_OF_ARCHIVE) end -= 1;
  if (end < 0 || file.readUInt32LE(end) !== END_OF_ARCHIVE) throw new Error("it has no directory of its files");
  const count = file.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new Error(`it names ${count} files`);
  const places: Place[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let read = 0; read < count; read += 1) {
    if (file.readUInt32LE(at) !== CENTRAL) throw new Error("its directory is damaged");
    if ((file.readUInt16LE(at + 8) & 1) === 1)
      throw new Error("it is encrypted: take the password off and save it again");
    const [name, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset));
    places.push({
      name: file.toString("utf8", at + 46, at + 46 + (name ?? 0)),
      method: file.readUInt16LE(at + 10),
      packed: file.readUInt32LE(at + 20),
      at: file.readUInt32LE(at + 42),
    });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  if (new Set(places.map(({ name }) => name)).size < places.length) throw new Error("it names a file twice");
  return places;
}

function unpack(file: Buffer, { name, method, packed, at }: Place, mostBytes: number): Buffer {
  if (file.readUInt32LE(at) !== LOCAL) throw new Error(`${name} is not where the directory says`);
  const from = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const bytes = file.subarray(from, from + packed);
  if (bytes.length < packed) throw new Error(`${name} is cut off`);
  if (method === 0 && bytes.length <= mostBytes) return bytes;
  if (method !== 0 && method !== 8) throw new Error(`${name} is packed in a way that is not read (${method})`);
  try {
    if (method === 8) return inflateRawSync(bytes, { maxOutputLength: Math.max(mostBytes, 1) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UsageError(`the file unpacks to more than it may: it is no list of recipients`);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
