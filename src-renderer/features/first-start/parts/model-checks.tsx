import type { DetectedProvider } from '../../../../src-contract/providers.ts';
import { Check } from '../../../ui/choice.tsx';
import { cx } from '../../../ui/cx.ts';

interface ModelChecksProps {
  readonly server: DetectedProvider;
  readonly chosen: readonly string[];
  readonly onChange: (models: readonly string[]) => void;
}

/** The models of a local server, to choose from. */
export function ModelChecks({ server, chosen, onChange }: ModelChecksProps) {
  if (server.models.length === 0) return <p className="ink-2">It has no model yet.</p>;
  return (
    <ul className="models" aria-label={`Models of ${server.label}`}>
      {server.models.map((model) => (
        <li key={model}>
          <Check
            label={
              <span className={cx('cut', chosen.includes(model) && 'font-strong')}>{model}</span>
            }
            checked={chosen.includes(model)}
            onChange={(on) =>
              onChange(
                server.models.filter((each) => (each === model ? on : chosen.includes(each))),
              )
            }
          />
        </li>
      ))}
    </ul>
  );
}
