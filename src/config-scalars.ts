import { z } from "zod";
import { cronMistake } from "./config-cron.ts";

/** Line breaks, tabs and invisible marks would break a mail header, a page or the reading order. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
/** ASCII only: addresses with other letters need SMTPUTF8, which office relays seldom speak. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** One line of words as they are printed. */
export const text = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !UNPRINTABLE.test(value), "holds a line break or an invisible character");
export const lines = z.array(text).min(1).max(4);
export const address = z.string().regex(ADDRESS, "is not a mail address");
/** A token of up to 43 characters comes behind "+"; a local part has 64. */
export const bounceAddress = address.refine(
  (value) => value.indexOf("@") <= 20,
  'has more than 20 characters before the "@", where "+" and a token still have to go',
);
export const whole = (from: number, to: number) => z.int().min(from).max(to);
/** Points as people write them, at most two decimals, to whole hundredths. */
export const points = (to: number) =>
  z
    .number()
    .min(0)
    .max(to)
    .refine((value) => Number(value.toFixed(2)) === value, "has more than two decimals")
    .transform((value) => Math.round(value * 100));
/** A cron line, and the one that holds without any. */
export const cron = (usual: string) =>
  z
    .string()
    .superRefine((line, context) => {
      const mistake = cronMistake(line);
      if (mistake !== null) context.addIssue({ code: "custom", message: mistake });
    })
    .prefault(usual);

/** "gialai.gov.vn", or "*.gialai.gov.vn" for everything below it; lower case, as addresses are compared. */
export const DOMAIN = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
export const domainName = z
  .string()
  .regex(new RegExp(`^(?:${LABEL}\\.)+[A-Za-z]{2,63}$`), "is not a domain such as gialai.gov.vn")
  .transform((value) => value.toLowerCase());
/** RFC 6376 3.1. */
export const selector = z
  .string()
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})*$`), 'is not a selector such as "bt2026"');

/** Plain http only to this machine: a link's token must not be read on the way. */
export function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value) || /\s/.test(value)) return false;
  const url = new URL(value);
  const isSafe =
    url.protocol === "https:" || (url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname));
  return isSafe && [url.username, url.password, url.search, url.hash].every((part) => part === "");
}
