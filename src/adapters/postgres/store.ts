import type { Knex } from "knex";
import type { Store } from "../../pipeline/store.ts";
import { programMark } from "../program-mark.ts";
import { actionsIn } from "./actions.ts";
import { bouncesIn } from "./bounces.ts";
import { calendarIn } from "./calendar.ts";
import { deliveriesIn } from "./deliveries.ts";
import { draftsIn } from "./drafts.ts";
import { editionsIn } from "./editions.ts";
import { goLivesIn } from "./go-lives.ts";
import { holdsIn } from "./holds.ts";
import { notesIn } from "./notes.ts";
import { noticesIn } from "./notices.ts";
import { observationsIn } from "./observations.ts";
import { peopleIn } from "./people.ts";
import { recipientsIn } from "./recipients.ts";
import { runsIn } from "./runs.ts";
import { snapshotsIn } from "./snapshots.ts";
import { unitsIn } from "./units.ts";

/** The database as the pipeline sees it, with what only this adapter can do. */
export type PostgresStore = Store & {
  readonly observations: ReturnType<typeof observationsIn>;
};

/** Fills the Store from a migrated PostgreSQL. The pool stays the caller's. `program` is noted with every edition it freezes. */
export function createStore(knex: Knex, program = programMark()): PostgresStore {
  return {
    snapshots: snapshotsIn(knex),
    observations: observationsIn(knex),
    units: unitsIn(knex),
    editions: editionsIn(knex, program),
    deliveries: deliveriesIn(knex),
    recipients: recipientsIn(knex),
    people: peopleIn(knex),
    bounces: bouncesIn(knex),
    runs: runsIn(knex),
    calendar: calendarIn(knex),
    holds: holdsIn(knex),
    drafts: draftsIn(knex),
    notes: notesIn(knex),
    notices: noticesIn(knex),
    goLives: goLivesIn(knex),
    actions: actionsIn(knex),
  };
}
