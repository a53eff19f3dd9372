/**
 * With a capital letter, unless it begins with a name. Texts of the server are written in small letters, since most stand behind a colon; this is
 * for where one stands alone.
 */
export function capitalized(text: string): string {
  const [first = ''] = text.split(' ', 1);
  const isWord = /^[a-z]+[;,:]?$/.test(first);
  return isWord ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
