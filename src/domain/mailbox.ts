/** As `isMailbox`, at a domain of several labels: what people have. */
export function isPublicMailbox(text: string): boolean {
  const domain = text.slice(text.indexOf('@') + 1);
  return isMailbox(text) && domain.includes('.') && !domain.startsWith('.') && !domain.endsWith('.');
}

/** One mailbox, and nothing that a mail server might read as more. */
export function isMailbox(text: string): boolean {
  return text.length <= 254 && /^[^@\s,;:<>()[\]"\\]+@[^@\s,;:<>()[\]"\\]+$/.test(text);
}
