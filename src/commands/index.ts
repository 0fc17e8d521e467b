import { registerApprove } from "./approve.ts";
import { registerBackfill } from "./backfill.ts";
import { registerBackup } from "./backup.ts";
import { registerBase } from "./base.ts";
import { registerBounces } from "./bounces.ts";
import { registerCalendar } from "./calendar.ts";
import { registerChanges } from "./changes.ts";
import { registerCorrections } from "./corrections.ts";
import { registerDeliveries } from "./deliveries.ts";
import { registerDemo } from "./demo.ts";
import { registerDoctor } from "./doctor.ts";
import { registerExplain } from "./explain.ts";
import { registerGoLive } from "./go-live.ts";
import { registerHolds } from "./holds.ts";
import { registerImport } from "./import.ts";
import { registerInit } from "./init.ts";
import { registerInstallation } from "./installation.ts";
import { registerLedgers } from "./ledgers.ts";
import { registerNote } from "./note.ts";
import { registerPreview } from "./preview.ts";
import { registerReceipt } from "./receipt.ts";
import { registerRecipients } from "./recipients.ts";
import { registerReissue } from "./reissue.ts";
import { registerReread } from "./reread.ts";
import { registerRun } from "./run.ts";
import { registerRuns } from "./runs.ts";
import { registerSchedule } from "./schedule.ts";
import { registerSendTest } from "./send-test.ts";
import { registerSeries } from "./series.ts";
import { registerServe } from "./serve.ts";
import { registerStatus } from "./status.ts";
import type { Register } from "./terminal.ts";
import { registerUnits } from "./units.ts";
import { registerVerify } from "./verify.ts";

/** Every group of commands, in the order of the help. */
export const COMMANDS: readonly Register[] = [
  registerDemo,
  registerInit,
  registerBase,
  registerDoctor,
  registerServe,
  registerStatus,
  registerRun,
  registerPreview,
  registerSendTest,
  registerImport,
  registerBackfill,
  registerReread,
  registerCorrections,
  registerReissue,
  registerVerify,
  registerExplain,
  registerChanges,
  registerSeries,
  registerUnits,
  registerRecipients,
  registerBounces,
  registerCalendar,
  registerSchedule,
  registerReceipt,
  registerApprove,
  registerNote,
  registerHolds,
  registerGoLive,
  registerLedgers,
  registerDeliveries,
  registerRuns,
  registerBackup,
  registerInstallation,
];
