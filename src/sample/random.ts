/** Gives the next number in [0, 1) of one fixed sequence. */
export type Draw = () => number;

/** A 32-bit fingerprint of a text (FNV-1a with a final mix): the same text always gives the same number. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  return hash >>> 0;
}

/** A sequence of numbers that depends on the seed alone (a Weyl sequence, mixed). The sample must be the same on every machine. */
export function sequence(seed: string): Draw {
  let state = fingerprint(seed);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}

/** A number between two bounds. */
export function between(draw: Draw, low: number, high: number): number {
  return low + (high - low) * draw();
}
