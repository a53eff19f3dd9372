/** The one page of the console: everything in it is drawn by its script, which the page names together with what it must be. */
import type { Language } from '../../domain/language.ts';
import { consolePageTexts } from '../../domain/messages/pages/console.ts';
import { escaped } from '../html.ts';
import type { Preferences } from './preferences.ts';
import type { ConsoleEntry, LoadedFile } from './state.ts';

export const consolePath = '/console/';

const documentLanguage: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/**
 * The nonce stands on the script, where only a script can read it: an attribute that a style could match would give it away. Styles need it,
 * the script does not.
 */
export function consolePage(
  { script, preloaded, texts, styles }: ConsoleEntry,
  { language, scheme }: Preferences,
  nonce: string,
): string {
  const text = consolePageTexts[language];
  return `<!doctype html>
<html lang="${documentLanguage[language]}" data-language="${language}" data-scheme="${scheme}"${scheme === 'system' ? '' : ` data-mantine-color-scheme="${scheme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${scheme === 'system' ? 'light dark' : scheme}">
<title>certmux</title>
<link rel="icon" type="image/svg+xml" href="${consolePath}icon.svg">
${styles.map((file) => `<link rel="stylesheet" ${loaded('href', file)}>`).join('\n')}
${[...preloaded, texts[language]].map((file) => `<link rel="modulepreload" ${loaded('href', file)}>`).join('\n')}
<script type="module" nonce="${nonce}" ${loaded('src', script)}></script>
</head>
<body>
<div id="console"></div>
<noscript>${escaped(text.needsScripts)}</noscript>
</body>
</html>
`;
}

function loaded(attribute: 'href' | 'src', { path, integrity }: LoadedFile): string {
  return `${attribute}="${consolePath}${escaped(path)}" integrity="${escaped(integrity)}" crossorigin="anonymous"`;
}
