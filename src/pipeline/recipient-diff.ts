import { foldAddress, type Recipient } from "../domain/delivery.ts";

/** What an import would do to the list, person by person and unit by unit. */
export type ListDiff = {
  readonly added: readonly Recipient[];
  readonly changed: readonly {
    readonly before: Recipient;
    readonly after: Recipient;
    readonly fields: readonly string[];
  }[];
  readonly left: readonly Recipient[];
  readonly unchanged: readonly Recipient[];
};

/** How the list in place and a new one differ. The same person in the same unit is the same membership, in the order of their days. */
export function diffRecipients(present: readonly Recipient[], next: readonly Recipient[]): ListDiff {
  const waiting = new Map<string, Recipient[]>();
  for (const recipient of inOrderOfDays(present))
    waiting.set(keyOf(recipient), [...(waiting.get(keyOf(recipient)) ?? []), recipient]);
  const added: Recipient[] = [];
  const changed: ListDiff["changed"][number][] = [];
  const unchanged: Recipient[] = [];
  for (const after of inOrderOfDays(next)) {
    const before = waiting.get(keyOf(after))?.shift();
    if (before === undefined) added.push(after);
    else {
      const fields = fieldsOf(before, after);
      if (fields.length === 0) unchanged.push(after);
      else changed.push({ before, after, fields });
    }
  }
  return { added, changed, left: [...waiting.values()].flat(), unchanged };
}

/** Why an import is only made with a word more, and which; null for an ordinary one. */
export function doubtOf(diff: ListDiff): string | null {
  const present = diff.left.length + diff.changed.length + diff.unchanged.length;
  const remaining = diff.added.length + diff.changed.length + diff.unchanged.length;
  const todo = 'look at it with --dry-run; if it is meant, say "--yes"; nothing was changed';
  if (remaining === 0 && present > 0)
    return `the import would leave the list empty (${present} recipients now): ${todo}`;
  if (remaining === 0) return "the list names no recipient; nothing was changed";
  if (diff.left.length * 3 <= present) return null;
  return `the import would take ${diff.left.length} of ${present} recipients off the list, more than a third: ${todo}`;
}

function inOrderOfDays(recipients: readonly Recipient[]): readonly Recipient[] {
  return recipients.toSorted((one, other) => ((one.from ?? "") < (other.from ?? "") ? -1 : 1));
}

function keyOf({ email, unit }: Recipient): string {
  return `${foldAddress(email)}\n${unit}`;
}

function fieldsOf(before: Recipient, after: Recipient): readonly string[] {
  const shown = (recipient: Recipient) => ({
    name: recipient.name,
    position: recipient.position,
    email: recipient.email,
    bulletins: recipient.bulletins.join(";"),
    role: recipient.role ?? "head",
    from: recipient.from ?? "",
    until: recipient.until ?? "",
  });
  const [old, now] = [shown(before), shown(after)];
  return (Object.keys(old) as (keyof typeof old)[]).filter((field) => old[field] !== now[field]);
}
