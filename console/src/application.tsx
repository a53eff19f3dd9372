/** The console: colours, texts, answers of the server, pages. */
import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { Texts } from './messages/texts.ts';
import { schemeManager } from './preferences/colour-scheme.ts';
import { TextsProvider } from './preferences/texts-provider.tsx';
import type { createConsoleRouter } from './router.tsx';
import { theme } from './theme/theme.ts';

export interface ApplicationProps {
  readonly nonce: string;
  readonly texts: Texts;
  readonly queries: QueryClient;
  readonly router: ReturnType<typeof createConsoleRouter>;
}

export function Application({ nonce, texts, queries, router }: ApplicationProps) {
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <TextsProvider first={texts}>
          <RouterProvider router={router} />
        </TextsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
