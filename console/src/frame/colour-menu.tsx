/** Light, dark, or as the system has it. */
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { mantineScheme, type Scheme, schemeOf } from '../preferences/colour-scheme.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';

const icons = { light: 'sun', dark: 'moon', system: 'screen' } as const satisfies Record<Scheme, IconName>;
const schemes = ['light', 'dark', 'system'] as const;

export function ColourMenu() {
  const { frame } = useTexts();
  const { colorScheme } = useMantineColorScheme();
  const label = `${frame.colours}: ${frame.scheme[schemeOf(colorScheme)]}`;
  return (
    <Menu position="bottom-end" width={180} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--ink)" size={36} aria-label={label} title={label}>
          <Icon name={icons[schemeOf(colorScheme)]} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <SchemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function schemeNamed(value: string): Scheme {
  return schemes.find((scheme) => scheme === value) ?? 'system';
}

/** In a menu of its own, or in a larger one. */
export function SchemeItems() {
  const { frame } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{frame.colours}</Menu.Label>
      <Menu.RadioGroup
        value={schemeOf(colorScheme)}
        onChange={(value) => setColorScheme(mantineScheme(schemeNamed(value)))}
      >
        {schemes.map((scheme) => (
          <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick rightSection={<Icon name={icons[scheme]} />}>
            {frame.scheme[scheme]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}
