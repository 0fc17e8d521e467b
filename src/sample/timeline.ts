import { addDays, type Day, daysBetween } from "../domain/calendar.ts";
import { type Period, periodEnd, periodStart } from "../domain/period.ts";
import type { SampleBody } from "./bodies.ts";
import { characterOf } from "./character.ts";
import { type Counts, minus, NOTHING, plus } from "./counts.ts";
import { between, type Draw, sequence } from "./random.ts";
import { HAPPENINGS, OVERRIDES, QUIET } from "./story.ts";
import type { Character } from "./traits.ts";

/** How the months of a year weigh on quality: the first ones are poor, a young month is poorer than the year. */
const SEASON = [0.84, 0.8, 0.84, 0.87, 0.94, 1.01, 1.02, 1, 1, 0.88, 0.94, 0.96] as const;
/** Procedures are published in these months; later months have nothing to publish, which the portal shows as null. */
const PUBLISHING_MONTHS = new Set([2, 3, 4, 5, 6, 7]);
/** How far one day's quality may stray from the body's own. */
const STRAY = 0.16;

type Step = { readonly day: Day; readonly totals: Counts };
const YEARS = new Map<string, readonly Step[]>();

/** What a body counts over a period as seen on a day: nothing before it begins, and no more after it has ended. */
export function countsOf(body: SampleBody, period: Period, seenOn: Day): Counts {
  const end = periodEnd(period);
  const last = seenOn < end ? seenOn : end;
  const first = periodStart(period);
  if (last < first) return NOTHING;
  const steps = stepsOf(body, period.year);
  const counted = minus(totalsOn(steps, last), totalsOn(steps, addDays(first, -1)));
  if (period.kind !== "year") return counted;
  const restated = (HAPPENINGS[body.code] ?? []).filter(
    (event) => event.backfill === true && inYear(event.day, period.year),
  );
  return restated.reduce((sum, event) => (event.day <= seenOn ? plus(sum, event.adds) : sum), counted);
}

function inYear(day: Day, year: number): boolean {
  return day.startsWith(`${year}-`);
}

/** The running totals of the last step at or before a day. */
function totalsOn(steps: readonly Step[], day: Day): Counts {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index];
    if (step !== undefined && step.day <= day) return step.totals;
  }
  return NOTHING;
}

/** A body's year, made once per process: running totals on the days that change them. */
function stepsOf(body: SampleBody, year: number): readonly Step[] {
  const key = `${body.code}/${year}`;
  const known = YEARS.get(key);
  if (known !== undefined) return known;
  const steps = makeSteps(body, year);
  YEARS.set(key, steps);
  return steps;
}

function makeSteps(body: SampleBody, year: number): readonly Step[] {
  const character = characterOf(body);
  const draw = sequence(`days/${OVERRIDES[body.code]?.twinOf ?? body.code}/${year}`);
  const happenings = (HAPPENINGS[body.code] ?? []).filter((event) => event.backfill !== true);
  const quiet = QUIET[body.code];
  const steps: Step[] = [];
  let totals = NOTHING;
  let waiting = 0;
  for (const day of daysOf(year)) {
    waiting += 1;
    const before = totals;
    const chance = draw();
    const isQuiet = quiet !== undefined && day >= quiet[0] && day <= quiet[1];
    // A new month brings figures for everybody: the portal opens it.
    if (!isQuiet && (day.endsWith("-01") || chance < character.updateChance)) {
      totals = plus(totals, ordinaryDay(character, draw, { day, waiting }));
      waiting = 0;
    }
    for (const event of happenings) if (event.day === day) totals = plus(totals, event.adds);
    if (totals !== before) steps.push({ day, totals });
  }
  return steps;
}

const DAYS = new Map<number, readonly Day[]>();

function daysOf(year: number): readonly Day[] {
  const known = DAYS.get(year);
  if (known !== undefined) return known;
  const start = `${year}-01-01`;
  const count = daysBetween(start, `${year + 1}-01-01`);
  const days = [...Array(count).keys()].map((index) => addDays(start, index));
  DAYS.set(year, days);
  return days;
}

/** What came in since the last update, `waiting` days ago. */
function ordinaryDay(character: Character, draw: Draw, { day, waiting }: { day: Day; waiting: number }): Counts {
  const month = Number(day.slice(5, 7));
  const season = SEASON[month - 1] ?? 1;
  const received = Math.floor(character.rate * waiting * between(draw, 0.7, 1.3) + draw());
  const part = (of: number, quality: number) => {
    const share = Math.min(1, Math.max(0, quality + between(draw, -STRAY, STRAY)));
    return quality <= 0 ? 0 : Math.min(of, Math.floor(of * share + draw()));
  };
  const good = (quality: number) => part(received, quality * season);
  const petitions = Math.floor(character.petitionRate * waiting + (character.petitionRate > 0 ? draw() : 0));
  const rules = part(petitions, 0.7);
  const obliged = part(received, character.obliged);
  const published = day.endsWith("-01") && PUBLISHING_MONTHS.has(month) ? Math.round(character.publishes / 6) : 0;
  return {
    received,
    onTime: good(character.onTime),
    online: part(received, character.online),
    synced: part(received, character.synced),
    obliged,
    paid: part(obliged, character.paid * season),
    satisfied: good(character.satisfied),
    electronic: good(character.electronic),
    digitised: good(character.digitised),
    reused: good(character.reused),
    citizen: good(character.citizen),
    petitions,
    petitionsOnTime: part(petitions, character.petitionsOnTime),
    petitionsSatisfied: part(petitions, character.petitionsSatisfied),
    petitionsRules: rules,
    petitionsStaff: petitions - rules,
    published,
    publishedOnTime: part(published, character.publishedOnTime),
    updated: published,
    updatedOnTime: part(published, character.publishedOnTime),
  };
}
