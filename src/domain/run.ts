/** What happened at one tick of one job, or at one command by hand. */
export type Run = {
  readonly id: string;
  readonly job: string;
  /** The day the run is for. */
  readonly scheduledFor: string;
  /** The instant on the timetable the run is for; null when it was run by hand. */
  readonly slot: Date | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** `running` of a process that is gone means it was cut off. */
  readonly state: RunState;
  readonly problems: readonly Problem[];
  /** What was made, in one line: counts, no addresses. */
  readonly result: string;
};

/** `done` is exit code 0, `partial` 3, `failed` 1, `skipped` 0 with the reason in `result`. */
export type RunState = "running" | "done" | "partial" | "failed" | "skipped";

/**
 * A fault that did not stop the whole run. `cause` is stable: the administrator gets one mail per cause. A `warning` is told and
 * leaves the run's state as it is.
 */
export type Problem = {
  readonly cause: string;
  readonly message: string /** The outcome it forces: partial keeps going, failed does not. */;
  readonly severity: "partial" | "failed" | "warning";
};

/** The state a run ends in. */
export function runState(problems: readonly Problem[]): "done" | "partial" | "failed" {
  if (problems.some((problem) => problem.severity === "failed")) return "failed";
  return problems.some((problem) => problem.severity === "partial") ? "partial" : "done";
}

/** The process exit code of a run's state. */
export function exitCode(state: RunState): 0 | 1 | 3 {
  if (state === "failed") return 1;
  return state === "partial" ? 3 : 0;
}
