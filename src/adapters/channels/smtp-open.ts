import net from "node:net";
import tls from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { called, type Deadlines, faultOf, RelayFault, within } from "./smtp-fault.ts";
import { isLoopback, type Relay } from "./smtp-url.ts";

/** An open conversation with a relay. */
export type Session = { readonly connection: SMTPConnection; readonly socket: net.Socket };

/**
 * Opens a session up to the point where MAIL FROM may be said: TLS in place and checked unless the relay is plain, logged in.
 * @throws {RelayFault} in phase `opening`.
 */
export async function openSession(relay: Relay, deadlines: Deadlines): Promise<Session> {
  const socket = await connect(relay, deadlines.connectMs);
  const connection = new SMTPConnection({
    connection: socket,
    secure: relay.tls === "implicit",
    secured: relay.tls === "implicit",
    requireTLS: relay.tls === "starttls",
    ignoreTLS: relay.tls === "none",
    host: relay.host,
    tls: tlsOptions(relay),
    ...(relay.name === undefined ? {} : { name: relay.name }),
    connectionTimeout: deadlines.helloMs,
    greetingTimeout: deadlines.helloMs,
    socketTimeout: deadlines.bodyMs + deadlines.replyMs,
    socketCloseTimeout: 1000,
    logger: false,
  });
  const session = { connection, socket };
  try {
    await within(deadlines.helloMs, "no session", async (fail) => {
      // Stays for the life of the session: the library also emits what it hands to a callback.
      connection.on("error", fail);
      connection.once("end", () => fail(new Error("the relay closed the connection")));
      await called((done) => connection.connect(done));
      const { user, pass } = relay;
      if (user !== undefined && pass !== undefined) {
        await called((done) => connection.login({ user, credentials: { user, pass } }, done));
      }
    });
    return session;
  } catch (error) {
    drop(session);
    throw new RelayFault(faultOf(error, "opening", [relay.user ?? "", relay.pass ?? ""]));
  }
}

/** Ends a session at once: nothing still waiting in this process is written any more. */
export function drop(session: Session): void {
  session.connection.close();
  session.socket.destroy();
}

async function connect(relay: Relay, connectMs: number): Promise<net.Socket> {
  const target = { host: relay.host, port: relay.port };
  const socket = relay.tls === "implicit" ? tls.connect({ ...target, ...tlsOptions(relay) }) : net.connect(target);
  try {
    await within(connectMs, "no connection", async (fail) => {
      socket.once("error", fail);
      await called((done) => socket.once(relay.tls === "implicit" ? "secureConnect" : "connect", () => done()));
    });
    if (relay.tls === "none" && !isLoopback(socket.remoteAddress ?? "")) {
      throw new Error("the host name of a plain relay leads to another machine; TLS is required there");
    }
    // An error between here and the library's own listener must not end the process.
    socket.on("error", () => undefined);
    return socket;
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    throw new RelayFault(faultOf(error, "opening", []));
  }
}

function tlsOptions(relay: Relay): tls.ConnectionOptions {
  const servername = relay.servername ?? (net.isIP(relay.host) ? undefined : relay.host);
  // Said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise switch the check off.
  return { rejectUnauthorized: true, minVersion: "TLSv1.2", ...(servername === undefined ? {} : { servername }) };
}
