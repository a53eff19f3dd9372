/** What is done with a container: another below it, its names, its use. */
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { type Field, linesOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { visible } from '../shared/visible.ts';
import type { Container } from './containers-page.tsx';

const changes = ['containers'] as const;

function useFields(container?: Container): readonly Field[] {
  const { containers } = useTexts();
  return [
    { kind: 'text', name: 'name', label: containers.name, isRequired: true, value: container?.name ?? '' },
    { kind: 'text', name: 'description', label: containers.description, value: container?.description ?? '' },
    {
      kind: 'lines',
      name: 'allowedNames',
      label: containers.names,
      description: containers.namesText,
      value: container?.allowedNames?.join('\n') ?? '',
    },
  ];
}

export function AddContainer({ parent }: { readonly parent: Container }) {
  const { containers } = useTexts();
  return (
    <FormButton
      label={containers.add}
      icon="plus"
      size="xs"
      title={containers.addTitle(visible(parent.name))}
      text={containers.addText}
      fields={useFields()}
      changes={changes}
      run={(values, options) =>
        call(
          'containers',
          'add',
          {
            account: parent.accountId,
            parent: String(parent.number),
            name: textOf(values, 'name'),
            description: textOf(values, 'description'),
            allowedNames: linesOf(values, 'allowedNames'),
          },
          options,
        )
      }
    />
  );
}

export function ContainerActs({ container }: { readonly container: Container }) {
  const { containers } = useTexts();
  const { number, name, parentId, state } = container;
  const one = { container: String(number) };
  return (
    <>
      <FormButton
        label={containers.change}
        size="xs"
        title={containers.changeTitle(visible(name))}
        text={containers.changeText}
        fields={useFields(container)}
        changes={changes}
        run={(values, options) =>
          call(
            'containers',
            'change',
            {
              ...one,
              name: textOf(values, 'name'),
              description: textOf(values, 'description'),
              allowedNames: linesOf(values, 'allowedNames'),
            },
            options,
          )
        }
      />
      {parentId !== null && state === 'active' && (
        <FormButton
          label={containers.stop}
          size="xs"
          tone="danger"
          title={containers.stopTitle(visible(name))}
          text={containers.stopText}
          changes={changes}
          run={(_values, options) => call('containers', 'change', { ...one, state: 'inactive' }, options)}
          undo={{ object: visible(name), run: () => call('containers', 'change', { ...one, state: 'active' }) }}
        />
      )}
      {state === 'inactive' && (
        <ActButton
          label={containers.resume}
          size="xs"
          changes={changes}
          run={() => call('containers', 'change', { ...one, state: 'active' })}
          undo={{ object: visible(name), run: () => call('containers', 'change', { ...one, state: 'inactive' }) }}
        />
      )}
    </>
  );
}
