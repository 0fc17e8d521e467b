/** Sends the sample message to the relay named on the command line and prints the outcome; run in a process of its own. */
import { createSmtpChannel } from "../../../src/adapters/channels/smtp.ts";
import { sampleMessage } from "./message.ts";

const url = process.argv[2] ?? "";
const channel = createSmtpChannel({ url, log: () => undefined });
console.log(JSON.stringify(await channel.send(sampleMessage())));
await channel.close();
