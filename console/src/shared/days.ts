/** Days as an input of dates has them (`2027-01-31`), by the clock of whoever looks. */

export function dayOf(iso: string): string {
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The moment at which the day begins. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}
