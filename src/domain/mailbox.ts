/** One mailbox, and nothing that a mail server might read as more. */
export function isMailbox(text: string): boolean {
  return text.length <= 254 && /^[^@\s,;:<>()[\]"\\]+@[^@\s,;:<>()[\]"\\]+$/.test(text);
}
