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

/** What cannot be undone. */
const danger: MantineColorsTuple = [
  '#fdeeec',
  '#fad9d5',
  '#f2b3ac',
  '#ea8b80',
  '#e16a5d',
  '#d84c3d',
  '#c5362a',
  '#ad2117',
  '#8f1a12',
  '#70140d',
];

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif';

export const theme = createTheme({
  colors: { brand, danger },
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
