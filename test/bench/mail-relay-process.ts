// A mail relay of its own process, so that what it costs is nobody's: counts what it took, tells its port and, when asked, the count.
import { SMTPServer } from "smtp-server";

let taken = 0;
const server = new SMTPServer({
  authOptional: true,
  disableReverseLookup: true,
  hideSTARTTLS: true,
  logger: false,
  onData(stream, _session, done) {
    stream.resume();
    stream.on("end", () => {
      taken += 1;
      done();
    });
  },
});
server.on("error", () => undefined);
server.listen(0, "127.0.0.1", () => {
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  process.send?.({ port: address.port });
});
process.on("message", () => {
  process.send?.({ taken });
  taken = 0;
});
