/** What strangers name, cut for messages: a redirect may lead to a URL of 16 KiB, and every check that meets it is kept. */

const maxLength = 300;

/** The URL as it is written in messages. */
export function shownUrl({ href }: URL): string {
  return shownName(href);
}

/** A host, or any name in a query. */
export function shownName(name: string): string {
  return name.length > maxLength ? `${name.slice(0, maxLength)}…` : name;
}
