import { Eta } from "eta";
import { checkWords } from "../../templates/check-words.ts";
import { htmlView } from "../../templates/email/html.ts";
import { type MailPicture, mailOf, tablesIn } from "../../templates/email/mail.ts";
import { MAIL_MARKUP } from "../../templates/email/markup.ts";
import { mailText } from "../../templates/email/text.ts";
import { DAY_MARKUP, dayView } from "../../templates/pages/day.ts";
import { type Edition, editionKey, pictureId, trendPicture } from "../domain/edition.ts";
import { SendError } from "../domain/errors.ts";
import type { Press } from "../pipeline/context.ts";
import { type ChartPicture, createChartPress } from "./chart-png.ts";
import { redact } from "./log.ts";
import { officePapers } from "./office.ts";
import { printPdf } from "./pdf.ts";
import { type Fonts, fontsOf } from "./pdf-fonts.ts";

/** Gmail clips a message at about 102 KB; this leaves room for its encoding. Bytes. */
const LARGEST_HTML = 60_000;

/**
 * The press: an edition as PDF bytes, HTML mail and plain text. Same edition, same bytes. Takes other fonts, read when
 * the first page is drawn, when the operator has some. Each of the three throws a SendError naming the edition when its words cannot be set (`checkWords`),
 * when a digest overflows its page, or when a mail is too large even without tables.
 */
export function createPress(options: { readonly fonts?: () => Fonts } = {}): Press {
  const fonts = options.fonts ?? (() => fontsOf(null));
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  const template = eta.compile(MAIL_MARKUP);
  const dayPage = eta.compile(DAY_MARKUP);
  const pictures = pictureMaker(fonts);
  const html = (edition: Edition, without: number) =>
    template.call(eta, htmlView(mailOf(edition, { without, picture: mailPicture(edition, pictures(edition)) })));
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
      return mailText(mailOf(edition, { picture: mailPicture(edition, pictures(edition)) }));
    },
    office(edition, papers) {
      checkWords(edition, fonts().faces);
      return officePapers(edition, papers, fonts());
    },
    picture: (edition) => pictures(edition)?.png ?? null,
    // Problems repeat a relay's replies, which name addresses; the page lies where others may read it.
    day: (state) =>
      dayPage.call(
        eta,
        dayView({ ...state, runs: state.runs.map((run) => ({ ...run, problems: run.problems.map(redact) })) }),
      ),
  };
}

/** Draws an edition's picture once, however often its HTML, its text and its bytes are asked for. */
function pictureMaker(fonts: () => Fonts): (edition: Edition) => ChartPicture | null {
  const drawn = new WeakMap<Edition, ChartPicture | null>();
  let press: ReturnType<typeof createChartPress> | null = null;
  return (edition) => {
    const known = drawn.get(edition);
    if (known !== undefined) return known;
    const chart = trendPicture(edition.content);
    press ??= chart === null ? null : createChartPress(fonts());
    const picture = chart === null || press === null ? null : press(chart);
    drawn.set(edition, picture);
    return picture;
  };
}

function mailPicture(edition: Edition, picture: ChartPicture | null): MailPicture | null {
  if (picture === null) return null;
  const { width, height, alt } = picture;
  return { id: pictureId(edition), width: Math.round(width), height: Math.round(height), alt };
}
