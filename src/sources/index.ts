import { UsageError } from "../domain/errors.ts";
import { evaluationApi } from "./evaluation-api.ts";
import { publicTable } from "./public-table.ts";
import { restJsp } from "./rest-jsp.ts";
import type { Source } from "./source.ts";

/** Every source the product reads, the default first. */
export const SOURCES: readonly Source[] = [evaluationApi, restJsp, publicTable];

/** The source asked every morning. */
export const DEFAULT_SOURCE = evaluationApi;

/** The source of a name; an unknown name is wrong use. */
export function sourceNamed(name: string): Source {
  const source = SOURCES.find((candidate) => candidate.name === name);
  if (source === undefined)
    throw new UsageError(`no source is called "${name}"; there are: ${SOURCES.map((known) => known.name).join(", ")}`);
  return source;
}
