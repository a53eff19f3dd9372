/** The title of the browser's tab. No secrets stand in it: browsers keep it in their history. */
import { useEffect } from 'react';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · certmux`;
  }, [title]);
}
