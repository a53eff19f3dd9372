/** Days, months and amounts as short as charts want them. */
import { documentLanguages, type Language } from '../preferences/spoken-language.ts';

/** Days of the API are those of UTC. */
export function monthDayText(day: string, language: Language): string {
  return new Date(day).toLocaleDateString(documentLanguages[language], {
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });
}

export function monthText(month: string, language: Language): string {
  return new Date(`${month}-01`).toLocaleDateString(documentLanguages[language], {
    year: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

/** Minor units of a currency, in which it counts as many decimals as it has. */
export function wholeAmount(minor: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(documentLanguages[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
  });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  return format.format(minor / 10 ** maximumFractionDigits);
}
