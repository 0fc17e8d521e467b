import type { ServerResponse } from "node:http";
import type { WireFault } from "./fault-plan.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const BLOCK_PAGE =
  "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>";
const HTML_PAGE = '<!DOCTYPE html><html lang="vi"><body><h1>Hệ thống đang bảo trì</h1></body></html>';

/** Answers with a fault of the wire; `text` is the answer it spoils. A hanging answer ends when the server closes. */
export function answerFaulty(response: ServerResponse, fault: WireFault, text: string): void {
  const bytes = Buffer.from(text);
  switch (fault) {
    case "hang":
      return;
    case "stall":
      response.writeHead(201, { "content-type": JSON_TYPE, "content-length": bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2));
      return;
    case "half-body":
      response.writeHead(201, { "content-type": JSON_TYPE, "content-length": bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.end());
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "huge":
      response.writeHead(201, { "content-type": JSON_TYPE });
      pour(response);
      return;
    case "html-200":
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(HTML_PAGE);
      return;
    case "request-rejected":
      response.writeHead(200, { "content-type": JSON_TYPE }).end(BLOCK_PAGE);
      return;
    default: {
      const status = Number(fault.slice("status-".length));
      const body = { code: `HTTP_${status}`, data: null, message: "sample fault" };
      response.writeHead(status, { "content-type": JSON_TYPE }).end(JSON.stringify(body));
    }
  }
}

/** Writes without end, as fast as the other side reads. */
function pour(response: ServerResponse): void {
  const block = Buffer.alloc(65_536, '{"code":"OK","data":');
  while (!response.destroyed) {
    if (response.write(block)) continue;
    response.once("drain", () => pour(response));
    return;
  }
}
