import { nextWeeklyIssueDay } from "../src/domain/working-calendar.ts";
import { agree, isPending } from "../src/pipeline/approval.ts";
import { composeWeeklies } from "../src/pipeline/compose-weekly.ts";
import { publishing } from "./publish-bulletin.ts";

/**
 * Composes, renders and mails the steering committee's bulletin about the week before, on the week's first working day; not before
 * it is approved, where the configuration wants that.
 */
export const publishWeekly = publishing({
  ...{ bulletin: "weekly", nextIssue: nextWeeklyIssueDay, compose: composeWeeklies },
  consent: { agree, isPending },
});
