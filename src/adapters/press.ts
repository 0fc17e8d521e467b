import { Eta } from "eta";
import { checkWords } from "../../templates/check-words.ts";
import { htmlView } from "../../templates/email/html.ts";
import { mailOf, tablesIn } from "../../templates/email/mail.ts";
import { MAIL_MARKUP } from "../../templates/email/markup.ts";
import { mailText } from "../../templates/email/text.ts";
import { DAY_MARKUP, dayView } from "../../templates/pages/day.ts";
import { type Edition, editionKey } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import type { Press } from "../pipeline/context.ts";
import { redact } from "./log.ts";
import { officePapers } from "./office.ts";
import { printPdf } from "./pdf.ts";
import { type Fonts, loadFonts } from "./pdf-fonts.ts";

/** Gmail clips a message at about 102 KB; this leaves room for its encoding. Bytes. */
const LARGEST_HTML = 60_000;

let shipped: Fonts | null = null;

/** The shipped fonts, parsed once per process: parsing costs more than a page. */
function shippedFonts(): Fonts {
  shipped ??= loadFonts();
  return shipped;
}

/**
 * The press: an edition as PDF bytes, HTML mail and plain text. Same edition, same bytes. Takes other parsed fonts when the
 * operator has some. Each of the three throws a SendError naming the edition when its words cannot be set (`checkWords`),
 * when a digest overflows its page, or when a mail is too large even without tables.
 */
export function createPress(options: { readonly fonts?: Fonts } = {}): Press {
  const fonts = () => options.fonts ?? shippedFonts();
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  const template = eta.compile(MAIL_MARKUP);
  const dayPage = eta.compile(DAY_MARKUP);
  const html = (edition: Edition, without: number) => template.call(eta, htmlView(mailOf(edition, without)));
  return {
    async pdf(edition) {
      checkWords(edition, fonts().faces);
      return printPdf(edition, fonts());
    },
    html(edition) {
      checkWords(edition, fonts().faces);
      const most = edition.content.pages ? tablesIn(edition) : 0;
      for (let without = 0; without <= most; without += 1) {
        const page = html(edition, without);
        if (Buffer.byteLength(page) <= LARGEST_HTML) return page;
      }
      throw new SendError(
        `edition ${editionKey(edition)}: the HTML mail is over ${LARGEST_HTML} bytes even without its tables; shorten its texts`,
        { mayPass: false },
      );
    },
    text(edition) {
      checkWords(edition, fonts().faces);
      return mailText(mailOf(edition));
    },
    office(edition, papers) {
      checkWords(edition, fonts().faces);
      return officePapers(edition, papers, fonts());
    },
    // Problems repeat a relay's replies, which name addresses; the page lies where others may read it.
    day: (state) =>
      dayPage.call(
        eta,
        dayView({ ...state, runs: state.runs.map((run) => ({ ...run, problems: run.problems.map(redact) })) }),
      ),
  };
}
