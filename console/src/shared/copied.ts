/** Puts a text into the clipboard. On plain http from elsewhere there is none, and the text is marked by hand. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
