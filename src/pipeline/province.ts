import { UsageError } from "../domain/errors.ts";
import type { Context } from "./context.ts";

/** The configured province's code. Throws UsageError when no configuration names one. */
export function provinceOf(ctx: Pick<Context, "settings">): string {
  const { province } = ctx.settings;
  if (province === null)
    throw new UsageError(
      'this needs a province: write "province: H21" with your code in diemtin.yaml (see diemtin.example.yaml)',
    );
  return province;
}
