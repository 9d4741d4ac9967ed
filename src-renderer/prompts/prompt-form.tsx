import { useId, useState, type ReactNode } from 'react';
import type { ItemDetail, Variable } from '../../src-contract/library.ts';
import { VisibleText } from '../markdown/visible-text.tsx';
import { Button } from '../ui/button.tsx';
import { Check, Select } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { fillPrompt, firstValues, valueProblem, type Values } from './fill-prompt.ts';
import { closePrompt, putIntoComposer } from './prompt-state.ts';

/** The blanks of a prompt as a form. Nothing is sent: its text goes into the composer. */
export function PromptForm({ prompt }: { readonly prompt: ItemDetail }): ReactNode {
  const form = useId();
  const { variables, body } = prompt;
  const [values, setValues] = useState<Values>(() => firstValues(variables));
  const [tried, setTried] = useState(false);

  function use(): void {
    setTried(true);
    if (variables.some((variable) => valueProblem(variable, values[variable.name]) !== null))
      return;
    putIntoComposer(fillPrompt(body, variables, values));
  }

  return (
    <Dialog
      title={prompt.name}
      description={
        prompt.description === '' ? undefined : <VisibleText text={prompt.description} />
      }
      className="wide"
      onClose={closePrompt}
      footer={
        <>
          <span className="ink-3 small mr-auto">You see the text before it is sent.</span>
          <Button onClick={closePrompt}>Cancel</Button>
          <Button kind="primary" type="submit" form={form}>
            Put into the composer
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="prompt-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          use();
        }}
      >
        {variables.map((variable) => (
          <Field
            key={variable.name}
            variable={variable}
            value={values[variable.name]}
            error={tried ? valueProblem(variable, values[variable.name]) : null}
            onChange={(value) => setValues((last) => ({ ...last, [variable.name]: value }))}
          />
        ))}
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly variable: Variable;
  readonly value: string | boolean | undefined;
  readonly error: string | null;
  readonly onChange: (value: string | boolean) => void;
}

function Field({ variable, value = '', error, onChange }: FieldProps): ReactNode {
  const { type, required, choices } = variable;
  const label = `${variable.label || variable.name}${required || type === 'boolean' ? '' : ', optional'}`;
  const text = typeof value === 'boolean' ? '' : value;
  switch (type) {
    case 'boolean':
      return <Check label={label} checked={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <Select
          label={label}
          value={text}
          required={required}
          hint={error ?? undefined}
          aria-invalid={error ? true : undefined}
          onChange={(event) => onChange(event.target.value)}
        >
          {!choices.includes(text) && <option value="">Choose…</option>}
          {text !== '' && !required && <option value="">None</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
      );
    case 'long-text':
      return (
        <TextArea
          label={label}
          rows={5}
          value={text}
          error={error}
          aria-required={required}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'number':
    case 'text':
      return (
        <Input
          label={label}
          value={text}
          error={error}
          aria-required={required}
          inputMode={type === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
