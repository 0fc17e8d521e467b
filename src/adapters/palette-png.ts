import { crc32, deflateSync } from "node:zlib";

/** A picture's pixels, four bytes each (red, green, blue, opacity), row by row. */
export type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8Array };

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Steps between the shades of a channel: 16 shades are enough for smooth letters; six give 216 colours, which always fit. */
const STEPS = [17, 36, 51] as const;
const MOST_COLOURS = 256;

/**
 * An opaque picture of few colours as a PNG with a palette: a third of the size of one with full colours, which counts when a mail carries
 * several. Shades are rounded to as many as a palette holds. Same pixels, same bytes.
 */
export function palettePng(pixels: Pixels): Uint8Array {
  for (const step of STEPS) {
    const indexed = indexedBy(pixels, step);
    if (indexed !== null) return encoded(pixels, indexed);
  }
  throw new RangeError("six shades of three channels are 216 colours");
}

type Indexed = { readonly rows: Buffer; readonly colours: readonly number[] };

/** Each row with its filter byte (none), one byte per pixel; null when the palette would be too large. */
function indexedBy({ width, height, rgba }: Pixels, step: number): Indexed | null {
  const places = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  const shade = (value: number) => Math.min(255, Math.round(value / step) * step);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const [red, green, blue] = [shade(rgba[at] ?? 0), shade(rgba[at + 1] ?? 0), shade(rgba[at + 2] ?? 0)];
      const colour = red * 65_536 + green * 256 + blue;
      const place = places.get(colour) ?? places.size;
      if (place === places.size) places.set(colour, place);
      if (place >= MOST_COLOURS) return null;
      rows[y * (width + 1) + x + 1] = place;
    }
  }
  return { rows, colours: [...places.keys()] };
}

function encoded({ width, height }: Pixels, { rows, colours }: Indexed): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits per pixel, colours from a palette; compression, filter and interlace have one or no other value.
  head.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9 });
  const chunks = [chunk("IHDR", head), chunk("PLTE", palette), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([SIGNATURE, ...chunks]));
}

/** Length, name, bytes and their checksum. */
function chunk(name: string, bytes: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), bytes]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(bytes.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
