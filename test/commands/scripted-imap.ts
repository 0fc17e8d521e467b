import net from "node:net";

/** A mailbox on the loopback that speaks just enough IMAP4rev1: one account, one box, flags that stay. */
export type ScriptedMailbox = { readonly port: number; readonly seen: ReadonlySet<number>; close(): Promise<void> };

/** Starts one with these mails, numbered from 1; the account is "post" with the password "p@ss wort". */
export async function startMailbox(mails: readonly string[]): Promise<ScriptedMailbox> {
  const seen = new Set<number>();
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("* OK [CAPABILITY IMAP4rev1] ready\r\n");
    let waiting = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      waiting += text;
      for (let end = waiting.indexOf("\r\n"); end >= 0; end = waiting.indexOf("\r\n")) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        for (const reply of answer(line, mails, seen)) socket.write(reply);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    seen,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(line: string, mails: readonly string[], seen: Set<number>): readonly string[] {
  const [, tag = "*", words = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
  const done = `${tag} OK done\r\n`;
  const uid = Number(/^UID (?:FETCH|STORE) (\d+)/i.exec(words)?.[1] ?? 0);
  if (/^LOGIN/i.test(words)) {
    if (/"?post"? "p@ss wort"/.test(words)) return [done];
    return [`${tag} NO [AUTHENTICATIONFAILED] no post with p@ss wort\r\n`];
  }
  if (/^CAPABILITY/i.test(words)) return ["* CAPABILITY IMAP4rev1\r\n", done];
  if (/^(?:SELECT|EXAMINE)/i.test(words))
    return [
      `* FLAGS (\\Seen)\r\n* ${mails.length} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] v\r\n* OK [UIDNEXT 99] n\r\n`,
      done,
    ];
  if (/^UID SEARCH/i.test(words)) {
    const unseen = mails.map((_, at) => at + 1).filter((number) => !seen.has(number));
    return [`* SEARCH ${unseen.join(" ")}\r\n`, done];
  }
  if (/^UID FETCH/i.test(words)) {
    const mail = mails[uid - 1] ?? "";
    return [`* ${uid} FETCH (UID ${uid} BODY[]<0> {${Buffer.byteLength(mail)}}\r\n${mail})\r\n`, done];
  }
  if (/^UID STORE/i.test(words)) seen.add(uid);
  if (/^LOGOUT/i.test(words)) return ["* BYE\r\n", done];
  if (/^LIST/i.test(words)) return ['* LIST () "/" INBOX\r\n', done];
  return [done];
}
