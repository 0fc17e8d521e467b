import { spawn } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError, SendError } from "../domain/errors.ts";
import { type DevTools, openDevTools } from "./devtools.ts";

/** Where distributions put the browser. */
const USUAL_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
];
const TIME_LIMIT_MS = 30_000;
/** A mail longer than this is cut in the picture: the browser refuses larger ones. CSS pixels. */
const LONGEST = 8_000;

/** How a page is photographed: CSS pixels wide, by a reader with a light or a dark screen. */
export type Shot = { readonly width: number; readonly scheme: "light" | "dark" };

/** A photograph, and how wide the page wanted to be: more than the shot's width means that it must be scrolled sideways. */
export type Photograph = { readonly png: Uint8Array; readonly wanted: number };

/** The browser to use: the given path, or the first of the usual ones that is there. Null when there is none. */
export async function findChromium(given: string | null): Promise<string | null> {
  for (const path of given === null ? USUAL_PATHS : [given]) {
    if (await isExecutable(path)) return path;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Photographs an HTML page, whole height, at two device pixels per CSS pixel. The browser runs without network, scripts and
 * profile, and is ended after half a minute. Throws SendError naming the browser when it does not answer.
 */
export async function photograph(chromium: string, html: string, shot: Shot): Promise<Photograph> {
  const profile = await mkdtemp(join(tmpdir(), "diemtin-chromium-"));
  const child = spawn(chromium, argumentsFor(profile), {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
  const timer = setTimeout(() => end(child.pid), TIME_LIMIT_MS);
  try {
    return await take(openDevTools(child), html, shot);
  } catch (error) {
    throw new SendError(
      `${chromium} made no picture within ${TIME_LIMIT_MS / 1000} s: ${describeError(error)}; name another browser in CHROMIUM_PATH`,
      { mayPass: true, cause: error },
    );
  } finally {
    clearTimeout(timer);
    end(child.pid);
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

function argumentsFor(profile: string): string[] {
  // The sandbox cannot be set up by root; everybody else keeps it.
  const isRoot = process.getuid?.() === 0;
  return [
    "--headless=new",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    ...[
      "--no-first-run",
      "--disable-gpu",
      "--hide-scrollbars",
      "--disable-extensions",
      "--disable-background-networking",
    ],
    ...["--disable-component-update", "--disable-sync", "--mute-audio", "--host-resolver-rules=MAP * ~NOTFOUND"],
    ...(isRoot ? ["--no-sandbox"] : []),
    "about:blank",
  ];
}

/** The whole group: the browser is several processes, often behind a script. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function take(tools: DevTools, html: string, { width, scheme }: Shot): Promise<Photograph> {
  const { targetId } = await tools.ask("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await tools.ask("Target.attachToTarget", { targetId, flatten: true });
  const page = (method: string, given: Readonly<Record<string, unknown>> = {}) =>
    tools.ask(method, given, String(sessionId));
  await page("Network.enable");
  await page("Network.emulateNetworkConditions", {
    offline: true,
    latency: 0,
    downloadThroughput: 0,
    uploadThroughput: 0,
  });
  await page("Emulation.setScriptExecutionDisabled", { value: true });
  await page("Emulation.setDeviceMetricsOverride", { width, height: 844, deviceScaleFactor: 2, mobile: width < 600 });
  await page("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  const frame = (await page("Page.getFrameTree"))["frameTree"] as { frame: { id: string } };
  await page("Page.setDocumentContent", { frameId: frame.frame.id, html });
  const { cssContentSize } = (await page("Page.getLayoutMetrics")) as { cssContentSize: Size };
  const clip = { x: 0, y: 0, width, height: Math.min(Math.ceil(cssContentSize.height), LONGEST), scale: 1 };
  const { data } = await page("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip });
  return { png: new Uint8Array(Buffer.from(String(data), "base64")), wanted: Math.ceil(cssContentSize.width) };
}

type Size = { readonly width: number; readonly height: number };
