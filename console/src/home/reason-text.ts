/** A reason for people, wherever the server names it by its code. */

/** In a few words where there are some here; else in the sentence of the server. */
export function reasonText(code: string, codes: Readonly<Record<string, string>>, text: string | null = null): string {
  return codes[code] ?? text ?? code;
}
