import { createConnection } from "node:net";
import { chooseChannel } from "../adapters/channels/index.ts";
import { createPress } from "../adapters/press.ts";
import { type Config, readConfig } from "../config.ts";
import { openDatabase } from "../context.ts";
import { type Day, dayOf } from "../domain/calendar.ts";
import { describeError } from "../domain/errors.ts";
import { missingYears, type WorkingCalendar } from "../domain/working-calendar.ts";
import { openCalendar } from "../pipeline/publish-policy.ts";
import { printJson, type Register, type Terminal } from "./terminal.ts";

type Check = { readonly what: string; readonly ok: boolean; readonly found: string; readonly todo?: string };

/** `doctor`: what is wrong and what to do, line by line. */
export const registerDoctor: Register = (program, terminal) => {
  program
    .command("doctor")
    .description("check configuration, database, fonts, mail relay and portal")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const config = readConfig(terminal);
      const checks = [
        configCheck(config),
        ...(await databaseChecks(config, dayOf(terminal.now()))),
        fontCheck(),
        await relayCheck(config),
        ...(await portalChecks(config, terminal)),
      ];
      if (options.json === true) printJson(terminal, checks);
      else
        for (const { what, ok, found, todo } of checks)
          terminal.print(`${ok ? "ok   " : "WRONG"} ${what}: ${found}${todo === undefined ? "" : `\n      → ${todo}`}`);
      terminal.exit(checks.every(({ ok }) => ok) ? 0 : 1);
    });
};

function configCheck({ file, province }: Config): Check {
  if (province !== null)
    return { what: "configuration", ok: true, found: `${file ?? "environment"}, province ${province}` };
  return {
    what: "configuration",
    ok: false,
    found: file === null ? "no diemtin.yaml" : `${file} names no province`,
    todo: "copy diemtin.example.yaml to diemtin.yaml and fill it in",
  };
}

async function databaseChecks(config: Config, today: Day): Promise<Check[]> {
  try {
    const database = await openDatabase(config);
    try {
      const [units, recipients] = [
        await database.store.units.list(config.province ?? undefined),
        await database.store.recipients.list(),
      ];
      const served = new Set(recipients.map(({ unit }) => unit));
      const without = units.filter(
        ({ code, closedFrom, standing }) => closedFrom === null && standing !== "waiting" && !served.has(code),
      );
      const waiting = units.filter(({ standing }) => standing === "waiting");
      return [
        {
          what: "database",
          ok: true,
          found: config.databaseUrl === null ? `embedded, in ${config.home}` : "DATABASE_URL, up to date",
        },
        {
          what: "recipients",
          ok: recipients.length > 0 && without.length === 0,
          found: `${recipients.length} recipients; ${without.length} of ${units.length} units without one`,
          ...(recipients.length > 0 && without.length === 0
            ? {}
            : {
                todo: `"diemtin recipients import FILE"${
                  without.length > 0
                    ? ` (without: ${without
                        .slice(0, 5)
                        .map(({ code }) => code)
                        .join(", ")}${without.length > 5 ? ", …" : ""})`
                    : ""
                }`,
              }),
        },
        {
          what: "units",
          ok: waiting.length === 0,
          found: `${units.length} known, ${waiting.length} waiting`,
          ...(waiting.length === 0 ? {} : { todo: '"diemtin units list", then "diemtin units confirm"' }),
        },
        calendarCheck(await openCalendar(database), today),
      ];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [
      {
        what: "database",
        ok: false,
        found: describeError(error),
        todo: "start the server or correct DATABASE_URL; without it an embedded database is used",
      },
    ];
  }
}

/** The next year may still be missing for some weeks: that is said, and is not wrong yet. */
function calendarCheck(calendar: WorkingCalendar, today: Day): Check {
  const [missing] = missingYears(calendar, today);
  const found = `${calendar.days.size} days of ${[...calendar.years].join(", ") || "no year"}`;
  if (missing === undefined) return { what: "calendar", ok: true, found };
  return {
    what: "calendar",
    ok: calendar.years.has(Number(today.slice(0, 4))),
    found: `${found}; no day of ${missing}, for which Monday to Friday are taken for working days`,
    todo: `"diemtin calendar import FILE" with the year's notice`,
  };
}

function fontCheck(): Check {
  try {
    createPress().text({
      bulletin: "daily",
      audience: "doctor",
      issue: "2026-01-01",
      reissue: 0,
      asOf: new Date(0),
      composedAt: new Date(0),
      snapshots: [],
      baseline: null,
      content: {
        subject: "Ừ",
        lines: ["Ễ Ộ Ữ ▲ ▼ −"],
        summary: "",
        title: "Ấ",
        pages: false,
        masthead: { kind: "digest", left: "", right: "", unit: "" },
        blocks: [],
        figures: [],
      },
    });
    return { what: "fonts", ok: true, found: "the shipped fonts have every Vietnamese letter" };
  } catch (error) {
    return { what: "fonts", ok: false, found: describeError(error), todo: "run npm ci again" };
  }
}

async function relayCheck(config: Config): Promise<Check> {
  if (config.smtpUrl === null)
    return {
      what: "mail",
      ok: true,
      found: `no SMTP_URL: mail goes into the folder ${config.out}/mail, nobody receives it`,
    };
  try {
    await chooseChannel({ smtpUrl: config.smtpUrl, directory: config.out, log: () => undefined }).close();
    const { hostname, port, protocol } = new URL(config.smtpUrl);
    const reached = await canConnect(hostname, Number(port || (protocol === "smtps:" ? 465 : 587)));
    return {
      what: "mail",
      ok: reached,
      found: `relay ${hostname} ${reached ? "answers" : "does not answer"}`,
      ...(reached ? {} : { todo: "check SMTP_URL and the firewall" }),
    };
  } catch (error) {
    return { what: "mail", ok: false, found: describeError(error), todo: "correct SMTP_URL" };
  }
}

async function portalChecks({ bases }: Config, terminal: Terminal): Promise<Check[]> {
  const proxy = terminal.env["HTTPS_PROXY"] ?? terminal.env["https_proxy"];
  return Promise.all(
    [...new Set(Object.values(bases))].map(async (base) => {
      const { hostname, port, protocol } = new URL(base);
      if (proxy !== undefined && proxy !== "" && protocol === "https:")
        return { what: "portal", ok: true, found: `${hostname} is asked through HTTPS_PROXY (not tried)` };
      const reached = await canConnect(hostname, Number(port || (protocol === "http:" ? 80 : 443)));
      return {
        what: "portal",
        ok: reached,
        found: `${hostname} ${reached ? "answers" : "does not answer"}`,
        ...(reached ? {} : { todo: "check the network, the proxy (HTTPS_PROXY) or PORTAL_URL" }),
      };
    }),
  );
}

const CONNECT_TIMEOUT_MS = 5000;

/** Opens and closes a connection; asks nothing. */
function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: host.replace(/^\[|\]$/g, ""), port, timeout: CONNECT_TIMEOUT_MS });
    const settle = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket
      .once("connect", () => settle(true))
      .once("error", () => settle(false))
      .once("timeout", () => settle(false));
  });
}
