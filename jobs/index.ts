import type { Job } from "../src/pipeline/run.ts";
import { collect } from "./collect.ts";
import { previewWeekly } from "./preview-weekly.ts";
import { publishDaily } from "./publish-daily.ts";
import { publishWeekly } from "./publish-weekly.ts";
import { receipt } from "./receipt.ts";
import { redeliver } from "./redeliver.ts";

/** The timetable, in the order of the day. The hours are `schedule` in the configuration (Asia/Ho_Chi_Minh). */
export const JOBS: readonly Job[] = [collect, publishWeekly, publishDaily, redeliver, receipt, previewWeekly];
