import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { inspect } from "./poppler.ts";

/** Debian's PDFBox Preflight and what it runs with; .ci/run installs them. */
const JARS = ["preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api"].map(
  (name) => `/usr/share/java/${name}.jar`,
);

/** Why the check cannot run here, told aloud; on CI the lack of it is a failure, not a reason to look away. */
export function withoutPreflight(): boolean {
  const missing = JARS.filter((jar) => !existsSync(jar));
  if (!hasJava()) missing.push("java");
  if (missing.length === 0 || process.env["CI"] !== undefined) return false;
  console.warn(`NOT CHECKED: PDF/A-1b. Missing: ${missing.join(", ")} (apt-get install as in .ci/run)`);
  return true;
}

function hasJava(): boolean {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What Preflight says of a PDF; a file that is not valid ends the program with its findings in the error. */
export function preflight(pdf: Uint8Array): Promise<string> {
  const main = "org.apache.pdfbox.preflight.Validator_A1b";
  return inspect(pdf, "java", ["-Xshare:auto", "-cp", JARS.join(":"), main, "FILE"]);
}
