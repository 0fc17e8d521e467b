/** Ranks are computed here, within one level, from whole hundredths; the publisher's row order is never used. */

/** A unit and the figure it is ranked by, in hundredths of a point. */
export type Contender = { readonly unit: string; readonly name: string; readonly value: number };

/** A place in a block: competition ranking 1, 2, 2, 4. */
export type Standing = {
  readonly rank: number;
  /** How many units were ranked. */
  readonly of: number;
  /** How many units share the rank, this one included. */
  readonly sharing: number;
  /** The nearest unit with a strictly higher figure, and how far it is. Null at the top. */
  readonly above: Neighbour | null;
  /** The nearest unit with a strictly lower figure. Null at the bottom. */
  readonly below: Neighbour | null;
};

/** A neighbour in the ranking; `gap` in hundredths of a point, always positive. */
export type Neighbour = { readonly unit: string; readonly name: string; readonly value: number; readonly gap: number };

const collator = new Intl.Collator("vi", { numeric: true });

/** Best first; ties in Vietnamese alphabetical order of their names, then by code, so that the order is always the same. */
export function inOrder(contenders: readonly Contender[]): Contender[] {
  return [...contenders].sort(
    (a, b) => b.value - a.value || collator.compare(a.name, b.name) || (a.unit < b.unit ? -1 : 1),
  );
}

/** Every contender's standing within the block. */
export function rankAll(contenders: readonly Contender[]): ReadonlyMap<string, Standing> {
  const sorted = inOrder(contenders);
  const standings = new Map<string, Standing>();
  let start = 0;
  while (start < sorted.length) {
    const value = sorted[start]?.value ?? 0;
    let end = start;
    while (end < sorted.length && sorted[end]?.value === value) end += 1;
    const above = neighbour(sorted[start - 1], value);
    const below = neighbour(sorted[end], value);
    for (const contender of sorted.slice(start, end)) {
      standings.set(contender.unit, { rank: start + 1, of: sorted.length, sharing: end - start, above, below });
    }
    start = end;
  }
  return standings;
}

function neighbour(other: Contender | undefined, value: number): Neighbour | null {
  return other === undefined
    ? null
    : { unit: other.unit, name: other.name, value: other.value, gap: Math.abs(other.value - value) };
}
