/** Mantine's theme: a blue that keeps its contrast on both grounds, small steps of size, no movement for whoever wants none. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef4fd',
  '#dbe7f8',
  '#b3cdf0',
  '#86b0e8',
  '#5f96e0',
  '#3f7fd6',
  '#2e6fca',
  '#1f5fbf',
  '#184f9f',
  '#123f80',
];

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif';

export const theme = createTheme({
  colors: { brand },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  fontFamily,
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono CJK SC", monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontFamily, fontWeight: '650' },
  respectReducedMotion: true,
  cursorType: 'pointer',
});
