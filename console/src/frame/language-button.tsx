/** The other language, by its own name. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { meQuery } from '../api/me.ts';
import { documentLanguages } from '../preferences/spoken-language.ts';
import { useSpoken } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';

export function LanguageButton() {
  const { texts } = useSpoken();
  const { other, choose } = useOtherLanguage();
  return (
    <Button
      variant="subtle"
      color="gray"
      size="sm"
      c="var(--ink)"
      lang={documentLanguages[other]}
      leftSection={<Icon name="globe" />}
      onClick={choose}
    >
      {texts.frame.otherLanguage}
    </Button>
  );
}

export function useOtherLanguage() {
  const { language, choose } = useSpoken();
  const queries = useQueryClient();
  const other = language === 'zh' ? 'en' : 'zh';
  return {
    other,
    async choose() {
      await choose(other);
      // The person's from now on, also on another machine. It is a wish like the cookie: where it cannot be kept, the page has it all the same.
      const me = queries.getQueryData(meQuery.queryKey);
      if (me?.user) await call('me', 'change', { language: other }).catch(() => undefined);
    },
  } as const;
}
