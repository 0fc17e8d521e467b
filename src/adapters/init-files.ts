import { readFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { describeError, UsageError } from "../domain/errors.ts";
import { projectFile } from "../project-files.ts";
import { type CatalogueProvince, PROVINCES_CATALOGUE } from "../sources/province-catalogue.ts";

/** What an administrator has to fill in before anything but `init` accepts the file, and what they should. */
export const TO_FILL = ["issuer.contact", "mail.from.address"] as const;
export const TO_FILL_SOON = "mail.admin";

/**
 * The province meant by a code ("H21", "h21") or a name ("Gia Lai", "tỉnh gia lai", "gia lai" without marks).
 * Throws UsageError with all names when there is none.
 */
export function findProvince(text: string): CatalogueProvince {
  const wanted = bare(text);
  const found = PROVINCES_CATALOGUE.find(
    ({ code, name }) => code === text.trim().toUpperCase() || bare(placeOf(name)) === wanted || bare(name) === wanted,
  );
  if (found !== undefined) return found;
  const names = PROVINCES_CATALOGUE.map(({ code, name }) => `${placeOf(name)} (${code})`).join(", ");
  throw new UsageError(`--province: "${text.slice(0, 60)}" is none of the 34 provinces: ${names}`);
}

/** The shipped example with a province's own lines, and with empty keys where only the administrator knows what to write. */
export function configFor(province: CatalogueProvince): string {
  const place = placeOf(province.name);
  const kind = /thành phố/i.test(province.name) ? "thành phố" : "tỉnh";
  const upper = `UBND ${kind} ${place}`.toLocaleUpperCase("vi");
  const lines: Readonly<Record<string, string>> = {
    "province: H21": `province: ${province.code}`,
    "  superior: [UBND TỈNH GIA LAI]": `  superior: [${upper}]`,
    "  line: VĂN PHÒNG UBND TỈNH GIA LAI": `  line: VĂN PHÒNG ${upper}`,
    "  in_text: Văn phòng UBND tỉnh": `  in_text: Văn phòng UBND ${kind}`,
    "  place: Gia Lai": `  place: ${place}`,
    "  contact: Phòng Kiểm soát thủ tục hành chính, điện thoại 0269 000 0000":
      "  # FILL IN, for example: Phòng Kiểm soát thủ tục hành chính, điện thoại 0269 000 0000\n  contact:",
    "    name: Bản tin 766 tỉnh Gia Lai": `    name: Bản tin 766 ${kind} ${place}`,
    "    address: bantin766@gialai.example":
      "    # FILL IN: the mailbox the relay lets this program send from\n    address:",
    "  reply_to: kstthc@gialai.example": "  # reply_to: kstthc@gialai.example",
    "  admin: quantri@gialai.example":
      "  # FILL IN SOON: without it nobody is told of faults.\n  # admin: quantri@gialai.example",
  };
  let text = readFileSync(projectFile("diemtin.example.yaml"), "utf8");
  for (const [line, own] of Object.entries(lines)) {
    if (text.split("\n").filter((each) => each === line).length !== 1)
      throw new Error(
        `diemtin.example.yaml no longer has exactly one line "${line}": correct src/adapters/init-files.ts`,
      );
    text = text.replace(`${line}\n`, () => `${own}\n`);
  }
  return text.replace(/^(?:#.*\n)+/, () => HEAD);
}

const HEAD = `# Configuration of diemtin, made by "diemtin init". Every key is shown with its usual value; an unknown key is an error.
# Look through the lines of the head below, and fill in what is marked FILL IN. "npx diemtin doctor" checks the file.
# Secrets and addresses of servers do not belong here; they stand in .env.
`;

/** The environment's file: everything commented out. */
export const ENVIRONMENT_FILE = `# Secrets and addresses of servers. Readable by its owner only; never in version control.
# The program does not read this file by itself: a service takes it as EnvironmentFile, a shell with
#   set -a; . ./.env; set +a
# A PostgreSQL server (15 or later, UTF8). Without it an embedded one runs below DIEMTIN_HOME.
# DATABASE_URL=postgres://diemtin:PASSWORD@127.0.0.1:5432/diemtin
# The mail relay, with TLS. Without it mail goes into a folder and reaches nobody.
# SMTP_URL=smtp://USER:PASSWORD@mail.example.gov.vn:587
# Signs every mail when diemtin.yaml has mail.dkim; the key's lines joined by \\n.
# DIEMTIN_DKIM_KEY="-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----"
# State and output; both must stay from run to run.
# DIEMTIN_HOME=/srv/diemtin/var
# DIEMTIN_OUT=/srv/diemtin/out
# Only behind a proxy, and with a certificate authority of its own:
# HTTPS_PROXY=http://proxy.example.gov.vn:3128
# NODE_EXTRA_CA_CERTS=/etc/ssl/certs/office-ca.pem
`;

/** Writes a new file; with `replace` also over an old one. False when there is one already. */
export async function writeNew(
  path: string,
  text: string,
  options: { replace?: boolean; mode: number },
): Promise<boolean> {
  try {
    if (options.replace === true) await rm(path, { force: true });
    const file = await open(path, "wx", options.mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw new UsageError(`${path} cannot be written: ${describeError(error)}; change to a folder this user may write`);
  }
}

/** "UBND tỉnh Gia Lai" → "Gia Lai". */
function placeOf(name: string): string {
  return name.replace(/^UBND\s+(?:tỉnh|thành phố)\s+/i, "");
}

function bare(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase()
    .replace(/^(?:ubnd )?(?:tinh|thanh pho|tp\.?) /, "")
    .replace(/\s+/g, " ")
    .trim();
}
