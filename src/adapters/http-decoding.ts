import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { type Fault, fault } from "./http-fault.ts";

/** The compressions we say we read. */
export const ACCEPTED_ENCODINGS = "gzip, br";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/**
 * The entity behind a transfer. axios unpacks with a lenient flush that takes half a gzip for a whole one; these decoders fail with
 * Z_BUF_ERROR on it. A compression we never asked for leaves the bytes as they are and gives a fault.
 */
export function decoded(transfer: Readable, encoding: string | undefined): { body: Readable; fault: Fault | null } {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return { body: transfer, fault: null };
  const decoder = DECODERS[name];
  if (decoder === undefined) {
    return {
      body: transfer,
      fault: fault("encoding", `unknown content-encoding ${JSON.stringify(name.slice(0, 40))}`),
    };
  }
  // An error reaches the reader through the decoder, which the pipeline destroys with it.
  return { body: pipeline(transfer, decoder(), () => undefined), fault: null };
}
