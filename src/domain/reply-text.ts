/**
 * The text of another server's reply, whatever it was written in. JSON is UTF-8 (RFC 8259 §8.1), but old Chinese servers write it, and
 * their proxies write their pages, in GBK: read as UTF-8 their refusals would be noise, and a refusal that nobody can read is taken for one
 * of another kind.
 */

/** A superset of GBK and GB 2312. */
const usualOther = 'gb18030';
const charsetForm = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i;

/** Without a byte order mark. Never fails: bytes that are no text become U+FFFD. */
export function textOfReply(bytes: Uint8Array, contentType: string | null): string {
  return utf8Of(bytes) ?? decoderFor(charsetForm.exec(contentType ?? '')?.[1]).decode(bytes);
}

/** What can be read as UTF-8 is UTF-8, whatever a header says: text of two other bytes a character is that by no accident. */
function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    const decoder = new TextDecoder(charset ?? usualOther);
    return decoder.encoding === 'utf-8' ? new TextDecoder(usualOther) : decoder;
  } catch {
    // A name that nobody knows.
    return new TextDecoder(usualOther);
  }
}
