import type { IncomingMessage, ServerResponse } from "node:http";
import { Eta } from "eta";
import { LINK_MARKUP, type LinkView, linkView } from "../../templates/pages/link.ts";
import type { LinkState } from "../domain/membership.ts";
import type { Context } from "../pipeline/context.ts";

/** What the pages ask: the state behind a token, after looking, pausing or resuming; null for a token that is worth nothing. */
export type FollowLink = (token: string, act: "look" | "pause" | "resume") => Promise<LinkState | null>;

/** RFC 8058 sends 26 bytes, a browser the same; nothing of the body is used. */
const MOST_BODY_BYTES = 4096;
const ADDRESS = /^\/u\/([A-Za-z0-9-]{1,80})(\/resume)?$/;
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};
const PLAIN: Readonly<Record<404 | 405 | 413 | 503, LinkView>> = {
  404: { title: "Không có trang này", lines: ["Liên kết không đúng hoặc không còn hiệu lực."], button: null },
  405: { title: "Không có trang này", lines: ["Cách gọi này không được hỗ trợ."], button: null },
  413: { title: "Yêu cầu quá lớn", lines: ["Không có gì được thay đổi."], button: null },
  503: {
    title: "Tạm thời không phục vụ được",
    lines: ["Không rõ yêu cầu đã được thực hiện chưa. Hãy thử lại sau."],
    button: null,
  },
};

/** True for an address of a reader's link. */
export function isLinkPath(path: string): boolean {
  return path.startsWith("/u/");
}

/**
 * Answers for readers' links: GET shows the page and changes nothing, POST acts at once (RFC 8058 has no second step), without cookie
 * and without redirect. A wrong token is 404, whatever is wrong with it.
 */
export function linkPages(follow: FollowLink, log: Context["log"]) {
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  const page = eta.compile(LINK_MARKUP);
  const send = (response: ServerResponse, status: number, view: LinkView, more: Record<string, string> = {}) =>
    response.writeHead(status, { ...HEADERS, ...more }).end(page.call(eta, view));
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, token, resume] = ADDRESS.exec((request.url ?? "").split("?")[0] ?? "") ?? [];
    const { method = "" } = request;
    if (token === undefined) return void send(response, 404, PLAIN[404]);
    if (!["GET", "HEAD", "POST"].includes(method))
      return void send(response, 405, PLAIN[405], { allow: "GET, HEAD, POST" });
    try {
      if (!(await isSmall(request))) return void send(response, 413, PLAIN[413], { connection: "close" });
      const act = method !== "POST" ? "look" : resume === undefined ? "pause" : "resume";
      const state = await follow(token, act);
      if (state === null) return void send(response, 404, PLAIN[404]);
      send(response, 200, linkView(state, { token, below: resume !== undefined }));
    } catch (error) {
      log("link-failed", { error });
      if (!response.headersSent) send(response, 503, PLAIN[503], { "retry-after": "300" });
    }
  };
}

/** Reads the body to its end and forgets it; false as soon as it is longer than a form with one field can be. */
async function isSmall(request: IncomingMessage): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > MOST_BODY_BYTES) return false;
  }
  return true;
}
