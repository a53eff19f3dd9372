/** The address of a database, for messages. */

/** Shown to whoever looks at the screen, and kept by their terminal. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}
