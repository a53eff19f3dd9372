/** Host names as vendors show them: of records, and of the names that they belong to. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to tell ASCII from the rest
const ascii = /^[\x00-\x7f]*$/;

/** In lower case, without a dot at the end, and in A-labels where it came in Unicode (UTS #46); as it is, where it is no name. */
export function hostFromWire(text: string): string {
  const host = text.trim().toLowerCase().replace(/\.$/, '');
  if (ascii.test(host)) return host;
  // Label by label: the URL parser reads no host that begins with some of the labels of records.
  return host
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) =>
      ascii.test(label) ? label : (URL.parse(`http://${label}.example`)?.hostname.split('.')[0] ?? label),
    )
    .join('.');
}
