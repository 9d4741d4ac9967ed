import type { ReactNode } from 'react';
import type { Variable } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';

const TYPES: Readonly<Record<Variable['type'], string>> = {
  text: 'Text',
  'long-text': 'Long text',
  number: 'Number',
  choice: 'Choice',
  boolean: 'Yes or no',
};

/** The blanks of a prompt. */
export function Variables({ variables }: { readonly variables: readonly Variable[] }): ReactNode {
  return (
    <section aria-label="Variables">
      <div className="item-bar">
        <h2>Variables</h2>
      </div>
      <div className="variables">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Asks for</th>
              <th scope="col">Default</th>
            </tr>
          </thead>
          <tbody>
            {variables.map((variable) => (
              <tr key={variable.name}>
                <td>
                  <code>
                    <VisibleText text={variable.name} />
                  </code>
                </td>
                <td>
                  {TYPES[variable.type]}
                  {variable.required ? '' : ', optional'}
                </td>
                <td>
                  <VisibleText text={variable.label} />
                  {variable.choices.length > 0 && (
                    <span className="ink-3 small">
                      {' '}
                      <VisibleText text={variable.choices.join(', ')} />
                    </span>
                  )}
                </td>
                <td>
                  {variable.default === null ? '' : <VisibleText text={String(variable.default)} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
