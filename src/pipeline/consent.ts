import type { Problem } from "../domain/run.ts";
import type { Context } from "./context.ts";
import { provinceOf } from "./province.ts";
import type { GoLive } from "./store.ts";

/** When mail to real readers was let go for the configured province, and by whom; null when it was not. */
export async function goLiveOf(ctx: Pick<Context, "store" | "settings">): Promise<GoLive | null> {
  return ctx.store.goLives.find(provinceOf(ctx));
}

/** What a run says of editions that nobody gets yet: one problem, in words for whoever set the program up this morning. */
export function notLiveProblem(province: string, editions: number): Problem {
  return {
    cause: "go-live/unconfirmed",
    severity: "partial",
    message: `NOTHING WAS SENT: ${editions} editions are made and kept, but nobody has confirmed that mail may leave for the readers of ${province}. "npx diemtin go-live" shows who will get what and asks for the province's code; where nobody can type: "npx diemtin go-live --confirm ${province}". After that "npx diemtin run redeliver" sends what is not past its deadline`,
  };
}
