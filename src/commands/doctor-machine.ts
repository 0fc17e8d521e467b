import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { loginFault } from "../adapters/channels/smtp-login.ts";
import { serverClock } from "../adapters/http-clock.ts";
import { fontsOf } from "../adapters/pdf-fonts.ts";
import { createPress } from "../adapters/press.ts";
import type { Config } from "../config.ts";
import { describeError } from "../domain/errors.ts";

/** One line of `doctor`: what was looked at, whether it is well, what was found, and what to do about it. */
export type Check = { readonly what: string; readonly ok: boolean; readonly found: string; readonly todo?: string };

/** From here on an answer's own date contradicts ours, and the snapshot would not be believed. */
const MOST_DRIFT_S = 300;
const LEAST_FREE_GB = 1;

/** This machine's clock against another; null when the other could not be asked. */
export function clockCheck(whose: string, other: Date | null, now: Date): Check {
  const what = "clock";
  if (other === null)
    return {
      ...{ what, ok: true, found: `not compared with ${whose}: it could not be asked` },
      todo: 'see with "timedatectl" whether NTP keeps it',
    };
  const seconds = Math.round((now.getTime() - other.getTime()) / 1000);
  const ok = Math.abs(seconds) <= MOST_DRIFT_S;
  const drift =
    Math.abs(seconds) <= 2 ? "agrees with" : `is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"}`;
  const found = `this machine's ${drift} ${whose}`;
  return ok
    ? { what, ok, found }
    : { what, ok, found, todo: "let NTP set the clock: days and deadlines go by it (timedatectl set-ntp true)" };
}

/** Room where the embedded database and the written files lie. */
export async function diskChecks({ home, out, databaseUrl }: Config): Promise<readonly Check[]> {
  const places = [...(databaseUrl === null ? [["DIEMTIN_HOME", home] as const] : []), ["DIEMTIN_OUT", out] as const];
  return Promise.all(
    places.map(async ([name, folder]) => {
      try {
        const { bavail, bsize } = await statfs(existing(folder));
        const free = (bavail * bsize) / 1024 ** 3;
        const ok = free >= LEAST_FREE_GB;
        const found = `${free.toFixed(1)} GB free for ${folder}`;
        return ok
          ? { what: "disk", ok, found }
          : { what: "disk", ok, found, todo: `make room, ${LEAST_FREE_GB} GB at least, or set ${name} elsewhere` };
      } catch (error) {
        const found = `${folder} cannot be looked at: ${describeError(error)}`;
        return { what: "disk", ok: false, found, todo: `set ${name} to a folder this user may write` };
      }
    }),
  );
}

/** The folder itself, or the nearest above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

export function fontCheck({ fonts }: Pick<Config, "fonts">): Check {
  try {
    createPress({ fonts: () => fontsOf(fonts) }).text(SPECIMEN);
    const whose = fonts === null ? "the shipped fonts have" : "your own fonts have";
    return { what: "fonts", ok: true, found: `${whose} every Vietnamese letter` };
  } catch (error) {
    const todo = fonts === null ? "run npm ci again" : "name other TTF files under fonts, or leave it out";
    return { what: "fonts", ok: false, found: describeError(error), todo };
  }
}

const SPECIMEN: Parameters<ReturnType<typeof createPress>["text"]>[0] = {
  ...{ bulletin: "daily", audience: "doctor", issue: "2026-01-01", reissue: 0 },
  ...{ asOf: new Date(0), composedAt: new Date(0), snapshots: [], baseline: null },
  content: {
    ...{ subject: "Ừ", lines: ["Ễ Ộ Ữ ▲ ▼ −"], summary: "", title: "Ấ", pages: false, blocks: [], figures: [] },
    masthead: { kind: "digest", left: "", right: "", unit: "" },
  },
};

/** Where mail goes, and whether the relay lets this program in, password and certificate included; nothing is sent. */
export async function relayCheck({ smtpUrl, out }: Config): Promise<Check> {
  const what = "mail";
  if (smtpUrl === null)
    return {
      ...{ what, ok: true, found: `no SMTP_URL: mail goes into the folder ${out}/mail, nobody receives it` },
      todo: "set SMTP_URL when readers are to get it",
    };
  try {
    const { hostname, username } = new URL(smtpUrl);
    const fault = await loginFault(smtpUrl);
    const found = `relay ${hostname} answers${username === "" ? "" : " and takes the login"}`;
    if (fault === null) return { what, ok: true, found };
    const todo = "check host, port, user and password of SMTP_URL, the relay's certificate, and the firewall";
    return { what, ok: false, found: `relay ${hostname}: ${fault}`, todo };
  } catch (error) {
    return { what, ok: false, found: describeError(error), todo: "correct SMTP_URL" };
  }
}

/** Whether each portal answers, and its clock: one request for its headers, no figures. */
export async function portalChecks({ bases }: Config, now: () => Date): Promise<readonly Check[]> {
  const checks = await Promise.all(
    [...new Set(Object.values(bases))].map(async (base): Promise<readonly Check[]> => {
      const { hostname } = new URL(base);
      const date = await serverClock(base);
      if (date === "silent") {
        const todo = "check the network, the proxy (HTTPS_PROXY) or PORTAL_URL";
        return [{ what: "portal", ok: false, found: `${hostname} does not answer`, todo }];
      }
      return [{ what: "portal", ok: true, found: `${hostname} answers` }, clockCheck("the portal's", date, now())];
    }),
  );
  return checks.flat();
}

/** Opens and closes a connection; asks nothing. */
