/** Times on the wire: RFC 3339 in UTC, to the second, as all clients read them. */

export function wireTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
