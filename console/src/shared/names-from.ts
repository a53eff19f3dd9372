/** Names as people type or paste them: on lines, with spaces, commas or semicolons between, also those of Chinese keyboards. Each once. */
export function namesFrom(text: string): readonly string[] {
  const names = text.split(/[\s,;，；、]+/u).filter((name) => name !== '');
  return [...new Set(names)];
}
