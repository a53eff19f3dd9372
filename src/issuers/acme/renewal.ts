/** The moment inside of a suggested window at which a certificate is renewed (RFC 9773 §4.2: chosen at random, so that clients spread). */

/** The same for one certificate whenever it is asked: by its serial, which is random. */
export function momentIn({ start, end }: { readonly start: Date; readonly end: Date }, serial: string): Date {
  const share = Number.parseInt(serial.slice(-8), 16) / 2 ** 32;
  const spanMs = end.getTime() - start.getTime();
  return new Date(start.getTime() + Math.floor((Number.isNaN(share) ? 0 : share) * spanMs));
}
