/** Language of the messages to a request. */

export type Language = 'en' | 'zh';

/**
 * The first of our languages in an `Accept-Language` header by weight (RFC 9110 §12.5.4), or the fallback when the header
 * is missing or names neither.
 */
export function acceptedLanguage(header: string | null, fallback: Language): Language {
  if (header === null) return fallback;
  let best: { readonly language: Language; readonly weight: number } | undefined;
  for (const range of header.split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const language = languageOfTag(tag);
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? fallback;
}

function languageOfTag(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return primary === 'zh' || primary === 'en' ? primary : undefined;
}
